"""The courier takes a message to a pseudonym's address once, and tells nobody the address."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import courier, mailbox, people
from app.identity.carriage import Message
from app.identity.models import LedgerEntry
from tests.support.people import NOON, alice

HELLO = Message(message_id="notice-1", language="fr", subject="Bonjour", text="Un questionnaire vous attend.")


def test_a_message_for_a_pseudonym_reaches_the_person(vault: Session) -> None:
    pseudonym = people.pseudonym_of(vault, alice(vault), people.study_domain("demo"))
    assert courier.deliver(vault, pseudonym, HELLO, NOON)
    (read,) = mailbox.messages(vault)
    assert (read.to_name, read.subject, read.text, read.language, read.at) == (
        "Alice Aubert",
        "Bonjour",
        "Un questionnaire vous attend.",
        "fr",
        NOON,
    )
    assert mailbox.message(vault, read.id) == read


def test_the_same_message_is_delivered_once_however_often_it_is_handed_over(vault: Session) -> None:
    """Seen failing with session.add in place of once.insert (an IntegrityError instead of a quiet repeat)."""
    pseudonym = people.pseudonym_of(vault, alice(vault), people.ACCOUNT)
    delivered = [courier.deliver(vault, pseudonym, HELLO, NOON + timedelta(minutes=n)) for n in range(3)]
    assert delivered == [True, False, False]
    assert [read.at for read in mailbox.messages(vault)] == [NOON]
    assert len(vault.scalars(select(LedgerEntry)).all()) == 1


def test_the_newest_message_comes_first(vault: Session) -> None:
    pseudonym = people.pseudonym_of(vault, alice(vault), people.ACCOUNT)
    for hours, name in ((1, "old"), (3, "new"), (2, "middle")):
        courier.deliver(vault, pseudonym, replace(HELLO, message_id=name, subject=name), NOON + timedelta(hours=hours))
    assert [read.subject for read in mailbox.messages(vault)] == ["new", "middle", "old"]
    assert [read.subject for read in mailbox.messages(vault, limit=1)] == ["new"]


def test_a_message_for_nobody_is_a_fault_of_the_caller(vault: Session) -> None:
    with pytest.raises(people.UnknownPseudonym):
        courier.deliver(vault, "nobody", HELLO, NOON)
    assert mailbox.message(vault, 1) is None


def test_what_the_study_side_hands_over_has_no_place_for_an_address() -> None:
    assert {field.name for field in fields(Message)} == {
        "message_id",
        "language",
        "subject",
        "text",
        "html",
        "short",
        "unsubscribe",
    }
