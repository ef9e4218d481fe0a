"""What is claimed, removed and sent twice behaves alike on SQLite and on PostgreSQL."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import func, select

from app.db import Databases
from app.errors import Refusal
from app.identity import batches, registrations
from app.identity.batch_file import Line
from app.identity.identity import Identity
from app.identity.models import Person, Registration
from app.identity.registrations import Wish
from app.identity.tickets import Ticket
from tests.support.world import AT

LINES = [Line(2, "S2-1", Identity(None, "Ada", "Byron")), Line(3, "S2-2", Identity(None, "Max", "Marteau"))]


def ticket(name: str) -> Ticket:
    return Ticket(name, {"study": "HORIZON", "language": "fr"}, AT.astimezone(UTC) + timedelta(hours=2))


@pytest.mark.parametrize("second", ["one", "another"])
def test_a_list_sent_twice_enters_nobody_twice(empty_databases: Databases, second: str):
    """With the same ticket, and with another one."""
    assert empty_databases.vault is not None
    for name in ("one", second):
        with empty_databases.vault.write() as session:
            standings, mistakes = batches.look(session, "HORIZON", LINES)
            entries = batches.enter(session, ticket(name), standings, {}, AT, lambda _entry: None)
            session.commit()
        assert ([], ["S2-1", "S2-2"]) == (mistakes, [one.subject for one in entries])
    with empty_databases.vault.read() as session:
        assert 2 == session.scalar(select(func.count()).select_from(Person))


def test_what_nobody_confirms_is_removed(empty_databases: Databases):
    assert empty_databases.vault is not None
    wish = Wish(Identity("a@b.example", "Ada", "Byron"), "fr", "1", "https://v.example/", "https://s.example/")
    with empty_databases.vault.write() as session:
        registrations.ask(session, wish, AT)
        session.commit()
    with empty_databases.vault.write() as session:
        assert 1 == registrations.remove_old(session, AT + registrations.KEPT_FOR)
        session.commit()
    with empty_databases.vault.read() as session:
        assert [0, 0] == [session.scalar(select(func.count()).select_from(one)) for one in (Person, Registration)]


def test_a_registration_is_confirmed_once(empty_databases: Databases):
    assert empty_databases.vault is not None
    wish = Wish(Identity("a@b.example", "Ada", "Byron"), "fr", "1", "https://v.example/", "https://s.example/")
    with empty_databases.vault.write() as session:
        registrations.ask(session, wish, AT)
        row = session.scalars(select(Registration)).one()
        row.token_hash = registrations.single_use.hashed("token")
        session.flush()
        registrations.confirm(session, "token", "four words in a row", AT)
        with pytest.raises(Refusal, match="registration-over"):
            registrations.confirm(session, "token", "four words in a row", AT)
