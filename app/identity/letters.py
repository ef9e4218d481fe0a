"""The vault's own letters on their way out: which are due, claimed one by one, and what became of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.identity import courier, people, person_keys, sealed_rows
from app.identity.carriage import Fate, Message, Parcel, Receipt
from app.identity.models import MailboxMessage, Person

BATCH: Final = 100
LEASE: Final = timedelta(minutes=5)
"""Longer than a try takes: whoever claimed a letter and died leaves it to the next one, under its own Message-ID."""
AGAIN: Final = timedelta(minutes=1)
"""Somebody waits for these letters in front of a page."""
GIVEN_UP_AFTER: Final = timedelta(hours=24)
OVER: Final = frozenset({Fate.DELIVERED, Fate.BOUNCED, Fate.UNREACHABLE})


def due(session: Session, at: datetime) -> list[int]:
    """The letters to be carried, those that wait longest first, at most BATCH of them."""
    waiting = select(MailboxMessage.id).where(MailboxMessage.due_at <= at).order_by(MailboxMessage.due_at)
    return list(session.scalars(waiting.limit(BATCH)))


def claim(session: Session, letter_id: int, at: datetime) -> bool:
    """True for one caller only, however many look at the same instant."""
    mine = (MailboxMessage.id == letter_id, MailboxMessage.due_at <= at)
    claimed = update(MailboxMessage).where(*mine).values(due_at=at + LEASE).returning(MailboxMessage.id)
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


def settle(session: Session, letter_id: int, fate: Fate, at: datetime) -> None:
    """Over, or to be tried again soon; after a day nobody waits for it any more."""
    kept = session.get(MailboxMessage, letter_id)
    if kept is not None:
        is_over = fate in OVER or at - kept.delivered_at >= GIVEN_UP_AFTER
        kept.due_at = None if is_over else at + AGAIN
