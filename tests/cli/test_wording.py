"""``weshare instruments wording`` as somebody types it."""

import re
from pathlib import Path

import pytest

from app.questionnaires.wording_template import template
from app.wordings import register
from tests.cli.test_commands import weshare
from tests.support.sheets import library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "wordings"


def wording(folder: Path, *words: str):
    return weshare("instruments", "wording", *words, WESHARE_WORDINGS=str(folder))


def filled(tmp_path: Path, language: str = "de", question: str = "x") -> Path:
    """The empty file of our own questionnaire with something in every place."""
    text = template(library().instrument("weshare-core@1.0"), language).replace('date: ""', 'date: "2026-01-31"')
    file = tmp_path / "filled.yaml"
    file.write_text(re.sub(r'^(.*): ""', rf'\1: "{question}"', text, flags=re.MULTILINE), encoding="utf-8")
    return file


def test_an_empty_file_goes_to_the_screen_or_into_a_new_file(tmp_path: Path, folder: Path):
    expected = template(library().instrument("phq-9@1.0"), "fr")
    assert expected == wording(folder, "new", "phq-9", "fr").stdout
    out = tmp_path / "phq.yaml"
    assert 0 == wording(folder, "new", "phq-9@1.0", "fr", "--out", str(out)).exit_code
    assert expected == out.read_text(encoding="utf-8")


def test_a_file_that_is_already_there_is_never_written_over(tmp_path: Path, folder: Path):
    (tmp_path / "mine.yaml").write_text("filled in", encoding="utf-8")
    said = wording(folder, "new", "phq-9", "fr", "--out", str(tmp_path / "mine.yaml"))
    assert (1, "filled in") == (said.exit_code, (tmp_path / "mine.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("code", "language"), [("phq-99", "fr"), ("phq-9@7", "fr"), ("phq-9", "French")])
def test_what_is_not_known_is_said_in_a_sentence(folder: Path, code: str, language: str):
    said = wording(folder, "new", code, language)
    assert said.exit_code in (1, 2)
    assert code in said.stderr or language in said.stderr


def test_a_filled_file_is_installed_and_listed(tmp_path: Path, folder: Path):
    said = wording(folder, "install", str(filled(tmp_path)))
    assert 0 == said.exit_code, said.stderr
    entry = register.read(folder).entries[0]
    assert entry.hash in said.stdout
    assert entry.by.startswith("command line")
    assert re.search(r"weshare-core@1\.0/de@1\town\t[-\d]+\tin use", wording(folder, "list").stdout)


def test_mistakes_are_listed_by_file_and_line_and_nothing_is_installed(tmp_path: Path, folder: Path):
    file = filled(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace('  q1: "x"', '  q1: ""'), encoding="utf-8")
    said = wording(folder, "install", str(file))
    assert 1 == said.exit_code
    assert re.search(r"filled\.yaml:\d+: items\.q1: A text is needed here, and it is empty\.", said.stderr)
    assert "1 mistake; nothing was installed." in said.stderr
    assert not folder.exists()


def test_another_content_under_the_same_version_is_refused(tmp_path: Path, folder: Path):
    wording(folder, "install", str(filled(tmp_path)))
    said = wording(folder, "install", str(filled(tmp_path, question="y")))
    assert (1, True) == (said.exit_code, "new wording_version" in said.stderr)


def test_a_wording_is_withdrawn_for_a_reason(tmp_path: Path, folder: Path):
    wording(folder, "install", str(filled(tmp_path)))
    words = ("withdraw", "weshare-core@1.0", "de", "1")
    assert "Write the reason" in wording(folder, *words).stderr
    assert 0 == wording(folder, *words, "--because", "A mistake.").exit_code
    assert "withdrawn: A mistake." in wording(folder, "list").stdout


def test_a_file_that_is_not_what_was_installed_ends_the_list_with_an_error(tmp_path: Path, folder: Path):
    wording(folder, "install", str(filled(tmp_path)))
    file = next(folder.rglob("wording.de.1.yaml"))
    file.unlink()
    said = wording(folder, "list")
    assert (1, True) == (said.exit_code, "weshare-core@1.0/de@1: the file is missing" in said.stderr)


def test_a_file_that_is_not_there_is_said(folder: Path):
    said = wording(folder, "install", "nowhere.yaml")
    assert (1, True) == (said.exit_code, "nowhere.yaml: No such file or directory" in said.stderr)
