"""The commands as somebody types them: what they do, and the sentence where they cannot."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner, Result

from app.cli.main import main
from app.cli.migrate import history
from app.config import ROOT
from tests.test_config import COMPLETE

PRODUCTION = {"WESHARE_MODE": "production"}


@pytest.fixture
def instruments(tmp_path: Path) -> Path:
    """A copy of the instruments that may be broken."""
    return Path(shutil.copytree(ROOT / "instruments", tmp_path / "instruments"))


def weshare(*words: str, **settings: str) -> Result:
    """The command run with these settings."""
    return CliRunner().invoke(main, words, env=settings)


def change(file: Path, old: str, new: str) -> None:
    """Replace the first such passage of a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("words", [("migrate",), ("serve",), ("jobs", "run", "send-notices")])
def test_all_missing_settings_are_named_at_once_without_a_traceback(words: tuple[str, ...]) -> None:
    """Seen failing when the first missing one was raised."""
    said = weshare(*words, **PRODUCTION)
    assert 2 == said.exit_code
    assert isinstance(said.exception, SystemExit)
    for name in ("SECRET_KEY", "PUBLIC_URL", "VAULT_URL", "STUDY_DATABASE", "VAULT_DATABASE", "ASSERTION_PUBLIC_KEY"):
        assert f"WESHARE_{name} is not set" in said.stderr


def test_migrate_makes_every_table_and_may_be_repeated(tmp_path: Path) -> None:
    for _time in range(2):
        said = weshare("migrate", WESHARE_INSTANCE=str(tmp_path))
        assert 0 == said.exit_code, said.output
    assert "The vault database is up to date." in said.output
    head = ScriptDirectory.from_config(history("study")).get_current_head()
    with sqlite3.connect(tmp_path / "study.sqlite") as study:
        assert [(head,)] == list(study.execute("SELECT version_num FROM alembic_version"))
    study.close()


def test_the_shipped_instruments_are_right() -> None:
    said = weshare("instruments", "check")
    assert 0 == said.exit_code, said.output
    assert "weshare-core@1.0: en, fr" in said.output


def test_every_mistake_of_the_instruments_is_listed_with_its_file_and_line(instruments: Path) -> None:
    folder = instruments / "weshare-core" / "1.0"
    change(folder / "definition.yaml", "minutes: 6", 'minutes: "six"')
    change(folder / "wording.fr.yaml", "language: ", "languages: ")
    said = weshare("instruments", "check", str(instruments))
    assert 1 == said.exit_code
    assert "instruments/weshare-core/1.0/definition.yaml:12: minutes:" in said.stderr
    assert "instruments/weshare-core/1.0/wording.fr.yaml:" in said.stderr


def test_a_worked_case_that_the_program_scores_otherwise_is_a_mistake(instruments: Path) -> None:
    """Seen failing when the cases were parsed and not scored."""
    cases = instruments / "weshare-core" / "1.0" / "cases.yaml"
    change(cases, "PF: 100", "PF: 99")
    said = weshare("instruments", "check", str(instruments))
    assert 1 == said.exit_code
    assert "The score of PF is 100.0000; the case says 99.0000." in said.stderr
    assert "1 mistake." in said.stderr


def test_a_job_runs_as_if_it_were_another_instant(tmp_path: Path) -> None:
    weshare("migrate", WESHARE_INSTANCE=str(tmp_path))
    said = weshare("jobs", "run", "send-notices", "--at", "2026-05-04T09:00+02:00", WESHARE_INSTANCE=str(tmp_path))
    assert 0 == said.exit_code, said.output
    assert "send-notices at 2026-05-04T07:00:00+00:00: nothing to do" in said.output


@pytest.mark.parametrize("words", [("jobs", "run", "send-notices"), ("jobs", "clock")])
def test_nothing_is_marked_as_sent_where_nothing_can_be_sent(words: tuple[str, ...]) -> None:
    """Seen failing when production delivered to the mailbox that nobody reads."""
    said = weshare(*words, **COMPLETE)
    assert 1 == said.exit_code
    assert "WESHARE_SMTP_URL is not set" in said.stderr


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2026-05-04T09:00", "needs its time zone"), ("tomorrow", "is not an instant such as 2026-05-04T09:00+02:00")],
)
def test_an_instant_that_nobody_could_tell_is_refused(typed: str, sentence: str) -> None:
    said = weshare("jobs", "run", "send-notices", "--at", typed)
    assert 2 == said.exit_code
    assert sentence in said.output


def test_an_unknown_job_is_refused_with_those_that_there_are() -> None:
    said = weshare("jobs", "run", "send-birthday-cards")
    assert 2 == said.exit_code
    assert "send-notices" in said.output


def test_the_demonstration_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    """Seen failing when the folder was replaced."""
    (tmp_path / "thesis.txt").write_text("three years of work", encoding="utf-8")
    said = weshare("demo", "--only-make", "--again", WESHARE_INSTANCE=str(tmp_path))
    assert 1 == said.exit_code
    assert f"{tmp_path} holds something that is not the demonstration" in said.stderr
    assert "three years of work" == (tmp_path / "thesis.txt").read_text(encoding="utf-8")
