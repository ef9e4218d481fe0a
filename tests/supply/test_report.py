"""What ``make audit`` says, and that silence is never taken for good news."""

import json
import sys
from pathlib import Path

import pytest

from tests.supply.__main__ import main
from tests.supply.report import FINE, OUT_OF_REACH, UNKNOWN, WEAK, judge

SOUND = {"name": "flask", "version": "3.1.2", "vulns": []}
SKIPPED = {"name": "babel", "skip_reason": "Dependency not found on PyPI and could not be audited"}
BROKEN = {
    "name": "jinja2",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.1"], "description": "…"}],
}


def report(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_libraries_without_a_known_weakness_are_fine() -> None:
    assert (FINE, ("1 of 1 libraries looked up, 0 known weaknesses.",)) == _said(report(SOUND))


def test_a_known_weakness_is_named_with_the_version_that_mends_it() -> None:
    status, lines = _said(report(SOUND, BROKEN))
    assert (WEAK, "jinja2 2.0: PYSEC-1, CVE-2026-1; mended in 2.1") == (status, lines[0])


def test_a_library_that_was_not_looked_up_is_not_fine() -> None:
    """Seen failing with what pip-audit itself answers: 0."""
    assert UNKNOWN == judge(report(SOUND, SKIPPED)).status


def test_where_no_list_answers_that_is_said() -> None:
    for written in (report(SKIPPED), report(), "", "ERROR: no such host", "null", "[]"):
        assert (UNKNOWN, (OUT_OF_REACH,)) == _said(written)


@pytest.mark.parametrize(("list_knows", "status"), [(True, FINE), (False, UNKNOWN)])
def test_a_mirror_that_knows_of_no_weakness_is_no_list(tmp_path: Path, list_knows: bool, status: int) -> None:
    """Seen failing without the library that is known to be weak: a mirror made everything fine."""
    of_the_control = report(BROKEN if list_knows else {**BROKEN, "vulns": []})
    program = tmp_path / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"print({of_the_control!r} if 'control.txt' in ' '.join(sys.argv) else {report(SOUND)!r})\n"
    )
    program.chmod(0o700)
    assert status == main(program)


def _said(written: str) -> tuple[int, tuple[str, ...]]:
    judgement = judge(written)
    return judgement.status, judgement.lines
