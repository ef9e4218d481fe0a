"""Keys are changed in batches, completely, and may be changed half-way for as long as it takes."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import VAULT_KEYS as CARRIED
from app.db import Database, Databases
from app.identity import (
    courier,
    duplicates,
    identities,
    mailbox,
    operator_contacts,
    operator_factors,
    operators,
    people,
    person_factors,
    rotation,
)
from app.identity.carriage import Message
from app.identity.identity import Identity
from app.identity.models import MailboxMessage, Person, PersonKey
from app.identity.sealed_rows import SEALED
from app.vault_keys import VaultKeys, fresh_key, parse_keys
from tests.support.keys import VAULT_KEYS
from tests.support.people import NOON

SECOND = parse_keys(f"2:{fresh_key()}", fresh_key())
BOTH = VaultKeys({**VAULT_KEYS.masters, **SECOND.masters}, VAULT_KEYS.lookup)
ONLY_SECOND = VaultKeys(SECOND.masters, VAULT_KEYS.lookup)
PEOPLE = 7


def who(number: int) -> Identity:
    letters = "abcdefg"[number] * 3
    return Identity(f"person{number}@example.org", f"Given{letters}", f"Family{letters}", f"06123456{number:02}")


@pytest.fixture
def engine(empty_databases: Databases) -> Database:
    """A vault with seven people and a message for each."""
    assert empty_databases.vault is not None
    with empty_databases.vault.write() as session:
        for number in range(PEOPLE):
            person = people.enter(session, who(number), "fr", f"password of {number}", NOON)
            account = people.pseudonym_of(session, person, people.ACCOUNT)
            courier.deliver(session, account, Message(f"m-{number}", "fr", "Bonjour", f"Lien {number}"), NOON)
        session.commit()
    return empty_databases.vault


def with_keys(database: Database, keys: VaultKeys) -> Database:
    return Database(database.engine, {CARRIED: keys})


def expect_everybody_to_be_readable(database: Database) -> None:
    with database.read() as session:
        found = [identities.read(session, person) for person in session.scalars(select(Person).order_by(Person.id))]
        assert [who(number) for number in range(PEOPLE)] == found
        assert {f"Lien {number}" for number in range(PEOPLE)} == {read.text for read in mailbox.messages(session)}
        assert people.authenticate(session, "PERSON3@example.org", "password of 3") is not None
        assert 1 == len(duplicates.candidates(session, Identity(None, "familyccc", "GIVENCCC")))


def test_rewrapping_stops_and_goes_on_and_then_only_the_newest_key_is_needed(engine: Database) -> None:
    """Seen failing with a batch that began at the first person each time it was resumed."""
    both = with_keys(engine, BOTH)
    counts = []
    for _batch in range(4):
        with both.write() as session:
            counts.append(rotation.rewrap(session, 3))
            session.commit()
        expect_everybody_to_be_readable(both)
    assert [3, 3, 1, 0] == counts
    with engine.read() as session:
        assert {2: PEOPLE} == rotation.wrapped_by(session)
    expect_everybody_to_be_readable(with_keys(engine, ONLY_SECOND))


def test_a_batch_that_fails_leaves_everybody_readable(engine: Database) -> None:
    both = with_keys(engine, BOTH)
    with both.write() as session:
        rotation.rewrap(session, 3)
        session.rollback()
    expect_everybody_to_be_readable(with_keys(engine, VAULT_KEYS))


def test_renewing_seals_every_field_and_look_up_anew(engine: Database) -> None:
    """A copy of the vault and of every old key says nothing about what is sealed later."""
    before = sealed_values(engine)
    renewed = with_keys(engine, VaultKeys({**VAULT_KEYS.masters, **SECOND.masters}, SECOND.lookup))
    last, done = 0, 0
    while True:
        with renewed.write() as session:
            numbers = rotation.renew(session, last, 3)
            session.commit()
        if not numbers:
            break
        last, done = numbers[-1], done + len(numbers)
    assert PEOPLE == done
    assert not before & sealed_values(engine)
    expect_everybody_to_be_readable(with_keys(engine, VaultKeys(SECOND.masters, SECOND.lookup)))


def sealed_values(database: Database) -> set[object]:
    """Everything in the vault that a key made."""
    with database.read() as session:
        found: set[object] = set(session.scalars(select(PersonKey.wrapped)))
        found |= set(session.scalars(select(Person.email_index)))
        for model in (Person, MailboxMessage):
            for row in session.scalars(select(model)):
                found |= {getattr(row, f"{column}_sealed") for column in SEALED[model].columns}
    return found - {None}


@pytest.mark.parametrize(
    "way", [lambda session: rotation.rewrap(session, 99), lambda session: rotation.renew(session, 99, 9)]
)
def test_second_factors_are_changed_with_the_rest(engine: Database, way: Callable[[Session], object]) -> None:
    """Operators' under the master key, addresses too; persons' under their own.

    Seen failing with operators left out of rewrap(), and with their addresses.
    """
    with engine.write() as session:
        olga = operators.add(session, "olga", "Olga", "seven quiet herons", NOON).id
        secrets = operator_factors.kept(session).begin(olga, NOON), person_factors.kept(session).begin(1, NOON)
        operator_contacts.give(session, olga, "olga@work.example", "fr")
        session.commit()
    both = with_keys(engine, BOTH)
    with both.write() as session:
        assert {1: PEOPLE + 2} == rotation.wrapped_by(session)
        rotation.rewrap(session, 99)
        rotation.renew(session, 0, 99)
        way(session)
        assert {2: PEOPLE + 2} == rotation.wrapped_by(session)
        session.commit()
    with with_keys(engine, ONLY_SECOND).write() as session:
        again = operator_factors.kept(session).begin(olga, NOON), person_factors.kept(session).begin(1, NOON)
        assert secrets == again
        assert "olga@work.example" == operator_contacts.of(session, olga).pending
