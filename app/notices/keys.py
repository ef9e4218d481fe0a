"""Keys in addresses that work without signing in: to stop messages, or some of them, or to read a calendar."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.notices.models import MessageKey

STOP: Final = "stop"
STUDY_NEWS: Final = "study-news"
CALENDAR: Final = "calendar"
KEY_BYTES: Final = 24


def mint(session: Session, account: str, purpose: str, at: datetime) -> str:
    """A new key of 192 random bits, of which only a hash is kept."""
    key = secrets.token_urlsafe(KEY_BYTES)
    session.add(MessageKey(key_hash=_hash(key), account_pseudonym=account, purpose=purpose, made_at=at))
    return key


def account_of(session: Session, key: str, purpose: str) -> str | None:
    """Whose key it is; None for one that is unknown, revoked or for another purpose."""
    good = (MessageKey.key_hash == _hash(key), MessageKey.purpose == purpose, MessageKey.revoked_at.is_(None))
    return session.scalar(select(MessageKey.account_pseudonym).where(*good))


def found(session: Session, key: str, purposes: Collection[str]) -> tuple[str, str] | None:
    """Whose key it is and for which of some purposes; None for one that is unknown, revoked or for another purpose."""
    good = (MessageKey.key_hash == _hash(key), MessageKey.purpose.in_(purposes), MessageKey.revoked_at.is_(None))
    row = session.execute(select(MessageKey.account_pseudonym, MessageKey.purpose).where(*good)).one_or_none()
    return None if row is None else (row[0], row[1])


def revoke(session: Session, account: str, purpose: str, at: datetime) -> None:
    """From now on no key of that purpose works."""
    mine = (MessageKey.account_pseudonym == account, MessageKey.purpose == purpose, MessageKey.revoked_at.is_(None))
    session.execute(update(MessageKey).where(*mine).values(revoked_at=at))


def has(session: Session, account: str, purpose: str) -> bool:
    """Whether some key of that purpose works."""
    mine = (MessageKey.account_pseudonym == account, MessageKey.purpose == purpose, MessageKey.revoked_at.is_(None))
    return session.scalars(select(MessageKey.key_hash).where(*mine).limit(1)).first() is not None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
