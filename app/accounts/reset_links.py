"""A link with which a professional chooses a new password: made by a data manager, who never sees the password."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app.accounts import factors, passkeys, sign_ins, staff
from app.accounts.models import Staff, StaffResetLink
from app.errors import Refusal

TOKEN_BYTES = 24
LIFETIME = timedelta(hours=24)


def make(session: Session, staff_id: int, at: datetime, *, drops_factor: bool) -> str:
    """A new link in place of any that waits; the raw token, which is nowhere else."""
    end_all(session, staff_id, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = StaffResetLink(token_hash=_hash(token), staff_id=staff_id, drops_factor=drops_factor, made_at=at)
    link.expires_at = at + LIFETIME
    session.add(link)
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> Staff:
    """Whose password the link changes; looking changes nothing. Refusal("reset-link-dead") if it cannot be used."""
    row = session.scalar(select(StaffResetLink).where(_open(token, at)))
    found = None if row is None else session.get_one(Staff, row.staff_id)
    if found is None or found.closed_at is not None:
        raise Refusal("reset-link-dead")
    return found


def use(session: Session, token: str, password: str, at: datetime, words: Collection[str] = ()) -> Staff:
    """Take the new password, use the link up, and sign the professional out everywhere.

    Refusal("reset-link-dead") as above and for whoever comes second; a refusal of the password leaves the link as it
    is, since the caller stores nothing then. ``words``: as for ``staff.change_password``.
    """
    found = find(session, token, at)
    row = session.get_one(StaffResetLink, _hash(token))
    claimed = session.execute(update(StaffResetLink).where(_open(token, at)).values(ended_at=at))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("reset-link-dead")
    staff.change_password(session, found.id, password, words)
    if row.drops_factor:
        factors.kept(session).drop(found.id)
        factors.recovery_codes(session).forget(found.id)
        # The telephone that is lost may hold one of them.
        passkeys.kept(session).forget(found.id)
    sign_ins.end_all_of_staff(session, found.id, at)
    return found


def end_all(session: Session, staff_id: int, at: datetime) -> None:
    """No link made for this professional works any longer."""
    held = (StaffResetLink.staff_id == staff_id, StaffResetLink.ended_at.is_(None))
    session.execute(update(StaffResetLink).where(*held).values(ended_at=at))


def _open(token: str, at: datetime) -> ColumnElement[bool]:
    waiting = (StaffResetLink.ended_at.is_(None), StaffResetLink.expires_at > at)
    return and_(StaffResetLink.token_hash == _hash(token), *waiting)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
