"""The demonstration is there as a whole or not at all."""

import fcntl
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.migrate import upgrade
from app.config import ROOT, embedded
from app.db import Databases, connect
from app.demo import folder as folders
from app.identity import courier, mailbox, people
from app.identity.carriage import Message
from app.identity.identity import Identity
from app.questionnaires.library import Library, load

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000"


class Interrupted(Exception):
    """Somebody pressed Ctrl+C."""


@pytest.fixture(scope="module")
def library() -> Library:
    """The instruments as shipped."""
    return load(ROOT / "instruments")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the demonstration is wanted."""
    return tmp_path / "instance"


def make_until(folder: Path, library: Library, step: int) -> None:
    """Begin to make it, and be interrupted at a step."""

    def interrupt(done: int, _total: int) -> None:
        assert not folder.exists()
        if done == step:
            raise Interrupted

    folders.make(folder, URL, library, AT, upgrade, interrupt)


def test_an_interrupted_attempt_leaves_nothing_behind(folder: Path, library: Library) -> None:
    """Seen failing when it was made in its place, and when the half-made folder stayed."""
    with pytest.raises(Interrupted):
        make_until(folder, library, 40)
    assert not folders.is_made(folder)
    assert [] == list(folder.parent.iterdir())


def test_what_a_killed_attempt_left_is_thrown_away(folder: Path, library: Library) -> None:
    """Seen failing when it was gone on with."""
    left = folder.with_name(".instance.being-made")
    left.mkdir()
    (left / "study.sqlite").write_text("half a database", encoding="utf-8")
    with pytest.raises(Interrupted):
        make_until(folder, library, 2)


def test_two_processes_do_not_make_it_at_the_same_time(folder: Path, library: Library) -> None:
    with folder.with_name(".instance.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(folders.BeingMade):
            make_until(folder, library, 1)


def test_what_is_not_a_demonstration_is_not_taken_for_one(folder: Path) -> None:
    assert not folders.is_made(folder)
    folder.mkdir()
    assert not folders.is_made(folder)
    (folder / "study.sqlite").touch()
    with pytest.raises(folders.Occupied):
        folders.is_made(folder)
    (folder / folders.MARK).touch()
    assert folders.is_made(folder)


def test_it_knows_how_old_it_is(folder: Path) -> None:
    folder.mkdir()
    (folder / folders.MARK).write_text(json.dumps({"made_at": AT.isoformat()}), encoding="utf-8")
    assert 3 == folders.age(folder, AT + timedelta(days=3, hours=2)).days


def test_links_lead_to_where_it_is_served_today(folder: Path) -> None:
    """Seen failing when the messages kept the port of the first day."""
    databases = connect(embedded(folder, URL))
    upgrade(databases)
    _message(databases, f"Bonjour\n{URL}/l/abc\n{URL}/account\n")
    (folder / folders.MARK).write_text(json.dumps({"public_url": URL}), encoding="utf-8")
    for _start in range(2):
        folders.move_links(folder, "http://127.0.0.1:8001", databases)
    assert databases.vault is not None
    with databases.vault.read() as session:
        (message,) = mailbox.messages(session)
    databases.close()
    assert "Bonjour\nhttp://127.0.0.1:8001/l/abc\nhttp://127.0.0.1:8001/account\n" == message.text


def _message(databases: Databases, text: str) -> None:
    assert databases.vault is not None
    with databases.vault.write() as session:
        person = people.enter(session, Identity("a", "A", "B"), "fr", None, AT)
        account = people.pseudonym_of(session, person, people.ACCOUNT)
        courier.deliver(session, account, Message("1", "fr", "s", text), AT)
        session.commit()
