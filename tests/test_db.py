"""Engines and sessions: instants stay aware, and writers to one SQLite file take turns."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, StatementError

from app import db
from app.accounts.models import Account
from app.db import Database, engine_for
from tests.support import quick_files
from tests.support.people import NOON
from tests.support.postgres import Fresh


@pytest.fixture
def database(ready_url: Fresh) -> Iterator[Database]:
    """The study database without rows, once on SQLite and once on PostgreSQL."""
    made = Database(engine_for(ready_url("study")))
    yield made
    made.engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file with one table."""
    made = Database(engine_for(f"sqlite:///{tmp_path / 'study.sqlite'}"))
    with made.write() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
        session.commit()
    yield made
    made.engine.dispose()


def add(database: Database, words: str) -> None:
    with database.write() as session:
        session.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
        session.commit()


def notes(database: Database) -> int:
    with database.read() as session:
        return session.execute(text("SELECT count(*) FROM note")).scalar_one()


def test_an_instant_comes_back_as_the_same_aware_instant(database: Database):
    with database.write() as session:
        session.add(Account(pseudonym="alice", language=None, layout=None, created_at=NOON))
        session.commit()
        session.expire_all()
        kept = session.scalars(select(Account.created_at)).one()
    assert (NOON, NOON.utcoffset()) == (kept, kept.utcoffset())


def test_an_instant_without_a_zone_is_refused(database: Database):
    naive = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001
    with database.write() as session, pytest.raises(StatementError, match="time zone"):
        session.execute(select(Account).where(Account.created_at > naive)).all()


def test_writers_of_one_process_wait_for_each_other_and_none_is_refused(file: Database):
    writers = [threading.Thread(target=add, args=(file, str(number))) for number in range(24)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert 24 == notes(file)


def test_a_writer_that_fails_hands_its_turn_on(file: Database):
    """Seen failing when the turn was handed on after a commit only: the next one waited for the whole time-out."""
    with pytest.raises(OperationalError, match="no such table"), file.write() as session:
        session.execute(text("INSERT INTO nowhere VALUES (1)"))
    with file.write() as session:
        session.execute(text("INSERT INTO note VALUES ('rolled back')"))
        session.rollback()
    following = threading.Thread(target=add, args=(file, "kept"))
    following.start()
    following.join(db.BUSY_TIMEOUT_MS / 1000 / 2)
    assert not following.is_alive()
    assert 1 == notes(file)


@pytest.mark.usefixtures("file")
def test_a_second_writer_inside_the_first_is_refused_as_the_file_refuses_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Not a standstill for ever: the wait has an end, and the refusal is the one that the pages turn into a 503."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    impatient = Database(engine_for(f"sqlite:///{tmp_path / 'study.sqlite'}"))
    with impatient.write() as outer:
        outer.execute(text("INSERT INTO note VALUES ('outer')"))
        with pytest.raises(OperationalError, match="locked"):
            add(impatient, "inner")
        outer.commit()
    add(impatient, "afterwards")
    assert 2 == notes(impatient)
    impatient.engine.dispose()


def test_a_connection_that_begins_again_does_not_wait_for_itself(file: Database):
    """Seen failing when every beginning took a turn: it waited for the whole time-out."""

    def twice() -> None:
        with file.engine.execution_options(writes=True).connect() as connection:
            for words in ("first", "second"):
                with connection.begin():
                    connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})

    writer = threading.Thread(target=twice)
    writer.start()
    writer.join(db.BUSY_TIMEOUT_MS / 1000 / 2)
    assert not writer.is_alive()
    assert 2 == notes(file)


def test_a_reader_does_not_wait_for_a_writer(file: Database):
    with file.write() as writing:
        writing.execute(text("INSERT INTO note VALUES ('not yet')"))
        assert 0 == notes(file)
        writing.commit()
    assert 1 == notes(file)


def test_a_commit_waits_for_the_disk_and_foreign_keys_are_held(tmp_path: Path) -> None:
    """The settings of every connection outside tests. Seen failing with synchronous = NORMAL."""
    connection = sqlite3.connect(tmp_path / "one.sqlite")
    quick_files.TRUE(connection, None)
    asked = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")}
    assert {"synchronous": 2, "foreign_keys": 1} == asked
    assert ("wal",) == connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
