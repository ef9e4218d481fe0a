"""Bounces in a row: after three an address is left alone, until it is corrected or something arrives."""

import pytest
from sqlalchemy.orm import Session

from app.identity import courier, identities, people, reachability
from app.identity.carriage import Fate, Message, Parcel, Receipt
from app.identity.courier import DEAD_ADDRESS, EMAIL
from app.identity.models import Person
from tests.support.people import NOON, alice

MESSAGE = Message("m-1", "fr", "Bonjour", "Un lien")
BOUNCED, DELIVERED = Receipt(Fate.BOUNCED, "smtp-550"), Receipt(Fate.DELIVERED, "smtp-250")


@pytest.fixture
def person(vault: Session) -> Person:
    return alice(vault)


@pytest.fixture
def account(vault: Session, person: Person) -> str:
    return people.pseudonym_of(vault, person, people.ACCOUNT)


def tried(vault: Session, account: str, *receipts: Receipt) -> list[bool]:
    """Whether the address counts as dead after each of these."""
    return [courier.record(vault, account, EMAIL, receipt, NOON) for receipt in receipts]


def packed(vault: Session, account: str) -> object:
    """What both ways of packing say, which is the same."""
    one = courier.pack(vault, account, MESSAGE, EMAIL)
    assert {MESSAGE.message_id: one} == courier.pack_all(vault, [(account, MESSAGE, EMAIL)])
    return one


def test_the_third_bounce_in_a_row_is_the_last(vault: Session, account: str, person: Person) -> None:
    """Seen failing with one bounce more allowed, and with each way of packing not asking."""
    assert [False, False] == tried(vault, account, BOUNCED, BOUNCED)
    assert isinstance(packed(vault, account), Parcel)
    assert [True] == tried(vault, account, BOUNCED)
    assert reachability.is_dead(vault, person, EMAIL)
    assert DEAD_ADDRESS == packed(vault, account)


def test_what_arrives_in_between_makes_bounces_count_anew(vault: Session, account: str) -> None:
    """Seen failing with a delivery that forgets nothing."""
    assert [False] * 5 == tried(vault, account, BOUNCED, BOUNCED, DELIVERED, BOUNCED, BOUNCED)


def test_a_corrected_address_gets_three_chances_of_its_own(vault: Session, account: str, person: Person) -> None:
    """Seen failing with the count going on, and with what was dead staying dead in either way of asking."""
    tried(vault, account, BOUNCED, BOUNCED, BOUNCED)
    identities.change(vault, person, {"email": "other@example.org"})
    assert isinstance(packed(vault, account), Parcel)
    assert [False, False, True] == tried(vault, account, BOUNCED, BOUNCED, BOUNCED)


def test_what_did_not_bounce_is_not_counted(vault: Session, account: str) -> None:
    """Seen failing with every try that is not delivered counted."""
    later = Receipt(Fate.LATER, "smtp-421")
    assert [False] * 5 == tried(vault, account, BOUNCED, BOUNCED, later, later, later)
