"""Where somebody is signed in, as a list for that person alone, and the end of what should not be on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts import sign_ins
from app.accounts.models import SignIn
from app.accounts.sign_ins import LIMITS, SignedIn

HANDLE = 16
"""Signs of a key's hash by which a row is named: nobody comes from them to the key."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sign-in that works at this moment. ``is_link``: opened by a reminder's link, for one visit."""

    handle: str
    browser: str | None
    is_link: bool
    created_at: datetime
    seen_at: datetime
    is_this: bool


def listed(session: Session, person: SignedIn, at: datetime) -> Sequence[Held]:
    """What works of this person's sign-ins, the one that asks first, then by last use."""
    idle = LIMITS["participant" if person.staff is None else "staff"].idle
    working = (SignIn.ended_at.is_(None), SignIn.expires_at > at, SignIn.seen_at > at - idle)
    rows = session.scalars(select(SignIn).where(_owned(person), *working).order_by(SignIn.seen_at.desc()))
    own = sign_ins.hash_of(person.key)
    found = [
        Held(
            row.key_hash[:HANDLE],
            row.browser,
            row.scope is not None,
            row.created_at,
            row.seen_at,
            row.key_hash == own,
        )
        for row in rows
    ]
    return sorted(found, key=lambda held: not held.is_this)


def end_one(session: Session, person: SignedIn, handle: str, at: datetime) -> None:
    """End one of this person's own sign-ins; nothing happens where there is none of that name."""
    if len(handle) == HANDLE:
        sign_ins.end_where(session, _owned(person) & SignIn.key_hash.startswith(handle, autoescape=True), at)


def end_others(session: Session, person: SignedIn, at: datetime) -> None:
    """End all of this person's sign-ins but the one that asks."""
    sign_ins.end_where(session, _owned(person) & (SignIn.key_hash != sign_ins.hash_of(person.key)), at)


def _owned(person: SignedIn) -> ColumnElement[bool]:
    if person.staff is not None:
        return SignIn.staff_id == person.staff
    return SignIn.account_pseudonym == person.account
