"""The link by which somebody who was enrolled chooses a password: good once, for two weeks."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import people
from app.identity.models import Invitation, Person

LIFETIME = timedelta(days=14)
TOKEN_BYTES = 32


def mint(session: Session, person: Person, at: datetime) -> str:
    """A new token; the raw one is nowhere but in the message."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Invitation(token_hash=_hash(token), person_id=person.id, created_at=at, expires_at=at + LIFETIME, used_at=None)
    )
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> Invitation:
    """What the token invites to; Refusal("invitation-expired") if unknown, used or too old, or the person gone."""
    held = select(Invitation).join(Person, Person.id == Invitation.person_id)
    alive = held.where(Invitation.token_hash == _hash(token), Person.erased_at.is_(None))
    found = session.scalar(alive)
    if found is None or found.used_at is not None or at >= found.expires_at:
        raise Refusal("invitation-expired")
    return found


def choose(session: Session, token: str, password: str, at: datetime) -> str:
    """The person has this password from now on, every invitation is used up; the pseudonym of the account.

    A refusal of the password, as in app/passwords.py, leaves the invitation as it is; the caller stores nothing then.
    """
    person = session.get_one(Person, find(session, token, at).person_id)
    mine = update(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
    session.execute(mine.values(used_at=at))
    people.set_password(session, person, password)
    return people.pseudonym_of(session, person, people.ACCOUNT)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
