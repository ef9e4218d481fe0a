"""Failed tries to sign in as a person: counted, told once, and as dear for an address that nobody has."""

from datetime import timedelta

from sqlalchemy import select

from app.db import Databases
from app.identity import people, person_tries
from app.identity.person_tries import Failed
from app.identity.sign_in_models import PersonTries
from tests.support.people import NOON
from tests.support.statements import statements
from tests.support.together import at_once

ALICE = "alice@example.org"
LATER = NOON + timedelta(minutes=5)


def alice_in(databases: Databases) -> int:
    assert databases.vault is not None
    with databases.vault.write() as session:
        number = people.register(session, ALICE, "Alice", "A", "fr", "a long password of hers", NOON).id
        session.commit()
    return number


def test_tries_are_counted_with_the_last_instant_and_told_once(empty_databases: Databases) -> None:
    """Seen failing with the first instant kept, and with the count left as it was."""
    alice = alice_in(empty_databases)
    assert empty_databases.vault is not None
    with empty_databases.vault.write() as session:
        assert person_tries.take(session, alice) is None
        for at in (NOON, NOON, LATER):
            person_tries.count(session, person_tries.whose(session, f" {ALICE.upper()}"), at)
        assert Failed(3, LATER) == person_tries.take(session, alice)
        assert person_tries.take(session, alice) is None
        person_tries.count(session, alice, LATER)
        assert Failed(1, LATER) == person_tries.take(session, alice)


def test_what_is_noted_of_an_unknown_address_costs_the_same_statements(empty_databases: Databases) -> None:
    """And says nothing of it. Seen failing with nothing done where nobody was found."""
    alice = alice_in(empty_databases)
    assert empty_databases.vault is not None
    costs = []
    for email in (ALICE, "nobody@example.org", ALICE, "somebody@example.org"):
        with empty_databases.vault.write() as session, statements(empty_databases.vault.engine) as sent:
            person_tries.count(session, person_tries.whose(session, email), NOON)
            session.commit()
        costs.append(len(sent))
    assert 1 == len(set(costs))
    with empty_databases.vault.read() as session:
        rows = session.execute(select(PersonTries.person_id, PersonTries.failed)).all()
    assert {(alice, 2), (people.NOBODY, 2)} == {tuple(row) for row in rows}


def test_sixteen_tries_at_once_are_sixteen(empty_databases: Databases) -> None:
    """The first ones too, when there is no row yet. Seen failing with a look before the insert."""
    alice = alice_in(empty_databases)
    vault = empty_databases.vault
    assert vault is not None

    def one() -> None:
        with vault.write() as session:
            person_tries.count(session, alice, NOON)
            session.commit()

    at_once([one] * 16)
    with vault.write() as session:
        assert Failed(16, NOON) == person_tries.take(session, alice)
