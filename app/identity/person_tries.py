"""Tries to sign in as a person that failed: how many since the last sign-in, and when the last one was.

Whoever types an address that nobody has is counted for nobody, by the same statements: what comes after an answer takes
as long for the known as for the unknown.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.identity import blind_index, people, person_keys
from app.identity.models import Person
from app.identity.sign_in_models import PersonTries


@dataclass(frozen=True, slots=True)
class Failed:
    """How many there were, and when the last one was."""

    count: int
    last_at: datetime


def whose(session: Session, email: str) -> int:
    """The number of whoever has that address; that of nobody otherwise."""
    index = blind_index.of_email(person_keys.keys_of(session), email)
    return session.scalar(select(Person.id).where(Person.email_index == index)) or people.NOBODY


def count(session: Session, person_id: int, at: datetime) -> None:
    """One try more that failed; one statement, whether or not there was one before."""
    one_more = {PersonTries.failed: PersonTries.failed + 1, PersonTries.last_at: at}
    once.upsert(session, PersonTries(person_id=person_id, failed=1, last_at=at), one_more)


def take(session: Session, person_id: int) -> Failed | None:
    """What has failed since the last sign-in, if anything; counted anew from this one on."""
    row = session.get(PersonTries, person_id, with_for_update=True)
    if row is None or not row.failed:
        return None
    found, row.failed = Failed(row.failed, row.last_at), 0
    session.flush()
    return found
