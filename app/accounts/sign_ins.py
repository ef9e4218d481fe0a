"""Sign-ins: a random key in a browser, its hash in our table, and the limits after which it is worth nothing."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, SignIn, Staff
from app.db import table

KEY_BYTES = 32
SECOND_FACTOR = "second-factor"
"""The scope of a professional who has given the password and not yet the second factor."""
HALF_WAY = timedelta(minutes=15)
"""How long one may look for one's telephone."""
# Writing the last visit on every request would make every page a write.
TOUCH_EVERY = timedelta(minutes=1)


# Asked on every request, so built once and on plain columns: building a statement takes longer than running it.
_HELD, _ACCOUNT, _STAFF = table(SignIn).c, table(Account).c, table(Staff).c
_HELD_NOW = (
    select(
        _HELD.account_pseudonym.label("account"),
        _HELD.staff_id.label("staff"),
        _HELD.scope,
        func.coalesce(_ACCOUNT.language, _STAFF.language).label("language"),
        _ACCOUNT.layout,
        _STAFF.roles,
        _HELD.seen_at,
    )
    .select_from(table(SignIn))
    .outerjoin(table(Account), _ACCOUNT.pseudonym == _HELD.account_pseudonym)
    .outerjoin(table(Staff), _STAFF.id == _HELD.staff_id)
    .where(
        _HELD.key_hash == bindparam("held"),
        _HELD.ended_at.is_(None),
        _HELD.expires_at > bindparam("now"),
        # Opened in the very instant in which the account was closed.
        _STAFF.closed_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Limits:
    """``idle``: how long without a request. ``absolute``: how long at all, however busy."""

    idle: timedelta
    absolute: timedelta


# A patient rests between two questions; a professional's screen stands in an office. Answers already given stay saved.
LIMITS: dict[Literal["participant", "staff"], Limits] = {
    "participant": Limits(idle=timedelta(minutes=60), absolute=timedelta(hours=12)),
    "staff": Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=10)),
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from: an account or a professional, and what it is narrowed to (``scope``), if anything."""

    key: str = field(repr=False)
    account: str | None
    staff: int | None
    scope: str | None
    language: str | None
    layout: str | None
    roles: Sequence[str] | None
    seen_at: datetime


def occasion_scope(occasion_id: int) -> str:
    """The scope of a sign-in that a reminder's link opened: this visit and nothing else."""
    return f"occasion:{occasion_id}"


def open_for_account(session: Session, pseudonym: str, at: datetime, browser: str | None = None) -> str:
    """A full sign-in of a participant; the raw key, which is nowhere else. ``browser``: what its owner knows it by."""
    fresh = SignIn(account_pseudonym=pseudonym, browser=browser)
    return _open(session, fresh, at, at + LIMITS["participant"].absolute)


def open_for_link(session: Session, account_pseudonym: str, scope: str, at: datetime, expires_at: datetime) -> str:
    """A sign-in narrowed to ``scope``, at the latest until the link itself expires; the raw key."""
    until = min(expires_at, at + LIMITS["participant"].absolute)
    return _open(session, SignIn(account_pseudonym=account_pseudonym, scope=scope), at, until)


def open_for_staff(session: Session, staff_id: int, at: datetime, browser: str | None = None) -> str:
    """A sign-in of a professional; the raw key."""
    return _open(session, SignIn(staff_id=staff_id, browser=browser), at, at + LIMITS["staff"].absolute)


def open_half(session: Session, staff_id: int, at: datetime) -> str:
    """What the right password alone opens: the way to the second factor, and nothing else; the raw key."""
    return _open(session, SignIn(staff_id=staff_id, scope=SECOND_FACTOR), at, at + HALF_WAY)


def find(session: Session, key: str, at: datetime) -> SignedIn | None:
    """Who holds that key at that instant, in one statement; None if it was never given out, has ended or is too old."""
    row = session.execute(_HELD_NOW, {"held": hash_of(key), "now": at}).one_or_none()
    if row is None:
        return None
    found = SignedIn(key=key, **row._mapping)
    return None if at - found.seen_at >= _limits(found).idle else found


def needs_touch(signed_in: SignedIn, at: datetime) -> bool:
    """True where the last noted visit is old enough for a new note to be worth a write."""
    return at - signed_in.seen_at >= TOUCH_EVERY


def touch(session: Session, signed_in: SignedIn, at: datetime) -> None:
    """Note that the sign-in is in use, if that is due; never turns the note back, never revives an ended one."""
    if needs_touch(signed_in, at):
        later = (SignIn.key_hash == hash_of(signed_in.key), SignIn.ended_at.is_(None), SignIn.seen_at < at)
        session.execute(update(SignIn).where(*later).values(seen_at=at))


def end(session: Session, key: str, at: datetime) -> None:
    """Sign out: the key is worth nothing from now on, whoever has a copy of it."""
    end_where(session, SignIn.key_hash == hash_of(key), at)


def end_all_of_account(session: Session, pseudonym: str, at: datetime) -> None:
    """Sign a participant out everywhere, links included."""
    end_where(session, SignIn.account_pseudonym == pseudonym, at)


def end_of_before(session: Session, pseudonym: str, opened_by: datetime, at: datetime) -> None:
    """End what a participant had opened by an instant, links included; what was opened afterwards stays."""
    end_where(session, (SignIn.account_pseudonym == pseudonym) & (SignIn.created_at <= opened_by), at)


def end_all_of_staff(session: Session, staff_id: int, at: datetime) -> None:
    """Sign a professional out everywhere."""
    end_where(session, SignIn.staff_id == staff_id, at)


def _open(session: Session, sign_in: SignIn, at: datetime, expires_at: datetime) -> str:
    key = secrets.token_urlsafe(KEY_BYTES)
    sign_in.key_hash = hash_of(key)
    sign_in.created_at = sign_in.seen_at = at
    sign_in.expires_at = expires_at
    session.add(sign_in)
    session.flush()
    return key


def end_where(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    """End all those that the condition names."""
    session.execute(update(SignIn).where(which, SignIn.ended_at.is_(None)).values(ended_at=at))


def _limits(signed_in: SignedIn) -> Limits:
    return LIMITS["participant" if signed_in.staff is None else "staff"]


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
