"""The demonstration's visible mailbox: what the courier brought, to be read by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.identity.models import MailboxMessage, Person

PAGE = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as its reader finds it."""

    id: int
    to_name: str
    language: str
    subject: str
    text: str
    at: datetime


def messages(session: Session, limit: int = PAGE) -> Sequence[Delivered]:
    """The last messages, newest first."""
    newest = _delivered().order_by(MailboxMessage.delivered_at.desc(), MailboxMessage.id.desc()).limit(limit)
    return [_read(row) for row in session.execute(newest)]


def message(session: Session, message_id: int) -> Delivered | None:
    """One message by its place in the mailbox."""
    row = session.execute(_delivered().where(MailboxMessage.id == message_id)).one_or_none()
    return None if row is None else _read(row)


def _delivered() -> Select[MailboxMessage, str, str]:
    return select(MailboxMessage, Person.given_name, Person.family_name).join(
        Person, Person.id == MailboxMessage.person_id
    )


def _read(row: Row[MailboxMessage, str, str]) -> Delivered:
    kept, given_name, family_name = row
    return Delivered(kept.id, f"{given_name} {family_name}", kept.language, kept.subject, kept.text, kept.delivered_at)
