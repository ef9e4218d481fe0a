"""The vault's own letters on their way out: which are due, claimed one by one, and what became of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.identity import courier, people, person_keys, sealed_rows
from app.identity.carriage import Fate, Message, Parcel, Receipt
from app.identity.models import MailboxMessage, Person
from app.identity.sign_in_models import OperatorLetter

BATCH: Final = 100
LEASE: Final = timedelta(minutes=5)
"""Longer than a try takes: whoever claimed a letter and died leaves it to the next one, under its own Message-ID."""
AGAIN: Final = timedelta(minutes=1)
"""Somebody waits for these letters in front of a page."""
GIVEN_UP_AFTER: Final = timedelta(hours=24)
OVER: Final = frozenset({Fate.DELIVERED, Fate.BOUNCED, Fate.UNREACHABLE})


Kept = type[MailboxMessage] | type[OperatorLetter]
"""Letters to persons, or to operators."""


def due(session: Session, at: datetime, kept: Kept = MailboxMessage) -> list[int]:
    """The letters to be carried, those that wait longest first, at most BATCH of them."""
    waiting = select(kept.id).where(kept.due_at <= at).order_by(kept.due_at)
    return list(session.scalars(waiting.limit(BATCH)))


def claim(session: Session, letter_id: int, at: datetime, kept: Kept = MailboxMessage) -> bool:
    """True for one caller only, however many look at the same instant."""
    mine = (kept.id == letter_id, kept.due_at <= at)
    claimed = update(kept).where(*mine).values(due_at=at + LEASE).returning(kept.id)
    return session.scalar(claimed) is not None


@dataclass(frozen=True, slots=True)
class Packed:
    """A letter with its address on it, or why there is none. ``is_elsewhere``: not to the address in use.

    What becomes of such a letter says nothing about the address in use.
    """

    pseudonym: str
    parcel: Parcel | Receipt
    is_elsewhere: bool


def pack(session: Session, letter_id: int) -> Packed | None:
    """The letter, addressed; None if it was erased."""
    kept = session.get(MailboxMessage, letter_id)
    if kept is None:
        return None
    person = session.get_one(Person, kept.person_id)
    words = sealed_rows.read_all(kept, person_keys.of(session, person.id))
    message = Message(kept.message_id, kept.language, words["subject"] or "", words["text"] or "")
    pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
    if words["address"]:
        return Packed(pseudonym, Parcel(words["address"], message), is_elsewhere=True)
    return Packed(pseudonym, courier.pack(session, pseudonym, message, courier.EMAIL), is_elsewhere=False)


def settle(session: Session, letter_id: int, fate: Fate, at: datetime, kept: Kept = MailboxMessage) -> bool:
    """Over, which is True, or to be tried again soon; after a day nobody waits for it any more."""
    letter = cast(MailboxMessage | OperatorLetter | None, session.get(kept, letter_id))
    if letter is None:
        return False
    is_over = fate in OVER or at - letter.delivered_at >= GIVEN_UP_AFTER
    letter.due_at = None if is_over else at + AGAIN
    return is_over
