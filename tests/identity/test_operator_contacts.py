"""An operator's address counts once its code has come back; sealed, it is nowhere in the database in clear."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Databases
from app.errors import Refusal
from app.identity import operator_contacts, operators
from app.identity.operator_contacts import Addresses
from app.identity.sign_in_models import OperatorContact
from app.mailed_codes import LIFETIME
from tests.support.people import NOON

FIRST, SECOND = "olga@work.example", "olga@elsewhere.example"


@pytest.fixture
def vault(empty_databases: Databases) -> Iterator[Session]:
    """A vault on either engine, with Olga, who is number 1."""
    assert empty_databases.vault is not None
    with empty_databases.vault.write() as session:
        assert 1 == operators.add(session, "olga", "Olga", "a long password of somebody", NOON).id
        yield session


def code_for(vault: Session, address: str) -> str:
    operator_contacts.give(vault, 1, address, "fr")
    code = operator_contacts.make_code(vault, 1, NOON)
    assert code is not None
    return code


def test_an_address_counts_once_its_code_has_come_back(vault: Session) -> None:
    """Seen failing with the address in use before its code."""
    code = code_for(vault, f"  {FIRST} ")
    assert Addresses(None, FIRST, None) == operator_contacts.of(vault, 1)
    assert frozenset() == operator_contacts.those_reachable(vault)
    assert not operator_contacts.confirm(vault, 1, code.upper().replace("-", " "), NOON)
    assert Addresses(FIRST, None, None) == operator_contacts.of(vault, 1)
    assert {1} == operator_contacts.those_reachable(vault)
    assert "fr" == operator_contacts.language_of(vault, 1)


def test_another_address_takes_its_place_and_the_one_before_is_known_until_it_was_told(vault: Session) -> None:
    """Seen failing with the former address forgotten at once."""
    operator_contacts.confirm(vault, 1, code_for(vault, FIRST), NOON)
    code = code_for(vault, SECOND)
    assert Addresses(FIRST, SECOND, None) == operator_contacts.of(vault, 1)
    assert operator_contacts.confirm(vault, 1, code, NOON)
    assert Addresses(SECOND, None, FIRST) == operator_contacts.of(vault, 1)
    operator_contacts.forget_former(vault, 1)
    assert operator_contacts.forget(vault, 1)
    assert Addresses(None, None, SECOND) == operator_contacts.of(vault, 1)
    assert not operator_contacts.forget(vault, 1)


@pytest.mark.parametrize(
    ("typed", "after", "refused"),
    [("wrong", timedelta(), "code-wrong"), (None, LIFETIME, "code-dead")],
)
def test_a_wrong_or_old_code_confirms_nothing(
    vault: Session, typed: str | None, after: timedelta, refused: str
) -> None:
    """Seen failing without the look at its age."""
    code = code_for(vault, FIRST)
    with pytest.raises(Refusal) as found:
        operator_contacts.confirm(vault, 1, typed or code, NOON + after)
    assert refused == found.value.code
    assert operator_contacts.of(vault, 1).address is None


def test_a_code_counts_once_and_for_the_last_address_alone(vault: Session) -> None:
    """Seen failing with the code left in place when another address was typed."""
    old = code_for(vault, FIRST)
    operator_contacts.give(vault, 1, SECOND, "fr")
    with pytest.raises(Refusal):
        operator_contacts.confirm(vault, 1, old, NOON)
    code = code_for(vault, SECOND)
    operator_contacts.confirm(vault, 1, code, NOON)
    with pytest.raises(Refusal):
        operator_contacts.confirm(vault, 1, code, NOON)


@pytest.mark.parametrize("typed", ["", "olga", "olga@", "a b@work.example", "olga@work", "x" * 250 + "@work.example"])
def test_what_is_no_address_is_refused(vault: Session, typed: str) -> None:
    with pytest.raises(Refusal) as found:
        operator_contacts.give(vault, 1, typed, "en")
    assert "address-unreadable" == found.value.code


def test_the_address_is_sealed_and_never_printed(vault: Session) -> None:
    """Seen failing with the address as a column, and with it in what is printed."""
    operator_contacts.confirm(vault, 1, code_for(vault, FIRST), NOON)
    row = vault.scalars(select(OperatorContact)).one()
    assert FIRST.encode() not in row.wrapped
    assert "olga@" not in f"{vars(row)}{operator_contacts.of(vault, 1)}"


def test_whoever_has_given_none_has_none(vault: Session) -> None:
    assert Addresses() == operator_contacts.of(vault, 1)
    assert operator_contacts.make_code(vault, 1, NOON) is None
    operator_contacts.forget_former(vault, 1)
    operator_contacts.forget_all(vault, 1)
    with pytest.raises(Refusal):
        operator_contacts.confirm(vault, 1, "abcd-efgh", NOON)
