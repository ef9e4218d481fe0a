"""``weshare audit``: heads that are kept, and a proof that names what is broken."""

from pathlib import Path

from sqlalchemy import text

from app.audit import trail
from app.chain import guards
from app.db import Databases
from tests.cli.conftest import Command
from tests.support.world import AT


def write(databases: Databases, count: int) -> None:
    """So many entries of one stream of the study side."""
    assert databases.study is not None
    for _number in range(count):
        with databases.study.write() as session:
            trail.record(session, AT, "staff:1", "event.dated", "participant:one")
            session.commit()


def tamper(databases: Databases, statement: str) -> None:
    """As whoever can lift the guards."""
    assert databases.study is not None
    with databases.study.engine.execution_options(writes=True).begin() as connection:
        guards.remove(connection, "audit_entry")
        connection.execute(text(statement))


def test_a_whole_record_is_proved_with_and_without_heads(weshare: Command, lived_in: Databases, tmp_path: Path) -> None:
    write(lived_in, 3)
    heads = tmp_path / "heads.jsonl"
    for _day in range(2):
        with heads.open("a", encoding="utf-8") as file:
            file.write(weshare("audit", "head").stdout)
        write(lived_in, 2)
    said = weshare("audit", "verify", "--heads", str(heads))
    assert 0 == said.exit_code, said.output
    assert "study: 7 entries in 1 streams; each follows from the one before." in said.stdout
    assert "No heads were given" in weshare("audit", "verify").stdout


def test_what_is_broken_is_named_and_the_command_fails(weshare: Command, lived_in: Databases) -> None:
    write(lived_in, 5)
    tamper(lived_in, "UPDATE audit_entry SET actor = 'somebody' WHERE number = 4")
    said = weshare("audit", "verify")
    assert 1 == said.exit_code
    assert "entry 4: it does not follow from the one before: it was changed, inserted or moved" in said.stderr
    assert "The record was tampered with." in said.stderr


def test_a_missing_end_is_seen_with_heads_alone(weshare: Command, lived_in: Databases, tmp_path: Path) -> None:
    write(lived_in, 5)
    heads = tmp_path / "heads.jsonl"
    heads.write_text(weshare("audit", "head").stdout, encoding="utf-8")
    tamper(lived_in, "DELETE FROM audit_entry WHERE number > 3")
    assert 0 == weshare("audit", "verify").exit_code
    said = weshare("audit", "verify", "--heads", str(heads))
    assert 1 == said.exit_code
    assert "entry 4: it is missing, and everything after it up to number 5" in said.stderr


def test_a_file_that_holds_no_heads_is_refused(weshare: Command, lived_in: Databases, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("nonsense\n", encoding="utf-8")
    said = weshare("audit", "verify", "--heads", str(tmp_path / "heads"))
    assert (2, True) == (said.exit_code, "line 1 is not a line of heads" in said.stderr)
    assert lived_in.study is not None
