"""What pip-audit has found out, judged: a library that nobody has looked up is no library without weaknesses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FINE, WEAK, UNKNOWN = 0, 1, 3
OUT_OF_REACH = (
    "Nothing was audited: no list of known weaknesses (pypi.org, osv.dev) answers here, or only a mirror without any.\n"
    "Run “make audit” on a machine that reaches one, before each release and once a week."
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What to say, and with which status to end: FINE, WEAK, or UNKNOWN where something was not looked up."""

    status: int
    lines: tuple[str, ...]


def judge(written: str) -> Judgement:
    """A report of pip-audit (``--format json``); text that is none means that it reached nobody."""
    try:
        asked: list[Mapping[str, Any]] = json.loads(written)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Judgement(UNKNOWN, (OUT_OF_REACH,))
    looked_up = [one for one in asked if "vulns" in one]
    if not looked_up:
        return Judgement(UNKNOWN, (OUT_OF_REACH,))
    weak = tuple(_line(one, found) for one in looked_up for found in one["vulns"])
    unknown = tuple(f"{one['name']}: not looked up ({one.get('skip_reason')})" for one in asked if "vulns" not in one)
    said = (f"{len(looked_up)} of {len(asked)} libraries looked up, {len(weak)} known weaknesses.",)
    return Judgement(WEAK if weak else UNKNOWN if unknown else FINE, weak + unknown + said)


def _line(one: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    names = ", ".join([found["id"], *found.get("aliases", [])])
    mended = ", ".join(found.get("fix_versions", [])) or "no version yet"
    return f"{one['name']} {one['version']}: {names}; mended in {mended}"
