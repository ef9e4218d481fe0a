"""Where an operator is signed in, as a list for that operator alone, and the end of what should not be on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, select, update
from sqlalchemy.orm import Session

from app.identity.operators import ABSOLUTE, IDLE, hash_of
from app.identity.sign_in_models import OperatorSignIn

HANDLE = 16
"""Signs of a key's hash by which a row is named: nobody comes from them to the key."""


@dataclass(frozen=True, slots=True)
class HeldHere:
    """A whole sign-in that works at this moment."""

    handle: str
    browser: str | None
    created_at: datetime
    seen_at: datetime
    is_this: bool
    is_link: bool = False


def listed(session: Session, operator_id: int, key: str, at: datetime) -> Sequence[HeldHere]:
    """What works of this operator's sign-ins, the one of ``key`` first, then by last use."""
    working = (OperatorSignIn.ended_at.is_(None), OperatorSignIn.expires_at > at, OperatorSignIn.seen_at > at - IDLE)
    whole = select(OperatorSignIn).where(_owned(operator_id), OperatorSignIn.is_half == false(), *working)
    own = hash_of(key)
    found = [
        HeldHere(row.key_hash[:HANDLE], row.browser, row.expires_at - ABSOLUTE, row.seen_at, row.key_hash == own)
        for row in session.scalars(whole.order_by(OperatorSignIn.seen_at.desc()))
    ]
    return sorted(found, key=lambda held: not held.is_this)


def end_one(session: Session, operator_id: int, handle: str, at: datetime) -> None:
    """End one of this operator's own sign-ins; nothing happens where there is none of that name."""
    if len(handle) == HANDLE:
        _end(session, _owned(operator_id) & OperatorSignIn.key_hash.startswith(handle, autoescape=True), at)


def end_others(session: Session, operator_id: int, key: str, at: datetime) -> None:
    """End all of this operator's sign-ins but the one of ``key``."""
    _end(session, _owned(operator_id) & (OperatorSignIn.key_hash != hash_of(key)), at)


def _end(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    session.execute(update(OperatorSignIn).where(which, OperatorSignIn.ended_at.is_(None)).values(ended_at=at))


def _owned(operator_id: int) -> ColumnElement[bool]:
    return OperatorSignIn.operator_id == operator_id
