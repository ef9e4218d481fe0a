"""The demonstration's visible mailbox: what the courier brought, to be read by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.identity import identities, person_keys, sealed_rows
from app.identity.models import MailboxMessage, Person, PersonKey
from app.vault_keys import VaultKeys

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
    keys = person_keys.keys_of(session)
    return [_read(row, keys) for row in session.execute(newest)]


def message(session: Session, message_id: int) -> Delivered | None:
    """One message by its place in the mailbox."""
    row = session.execute(_delivered().where(MailboxMessage.id == message_id)).one_or_none()
    return None if row is None else _read(row, person_keys.keys_of(session))


def replace_in_texts(session: Session, before: str, after: str) -> None:
    """Replace a passage in every message, as when the demonstration is served at another address."""
    keys = person_keys.keys_of(session)
    for kept, wrapped in session.execute(select(MailboxMessage, PersonKey).join_from(*_WITH_KEY)):
        key = person_keys.unwrap(keys, wrapped)
        text = sealed_rows.read(kept, "text", key) or ""
        sealed_rows.write(kept, "text", key, text.replace(before, after))
    session.flush()


_WITH_KEY = (MailboxMessage, PersonKey, PersonKey.person_id == MailboxMessage.person_id)


def _delivered() -> Select[MailboxMessage, Person, PersonKey]:
    return (
        select(MailboxMessage, Person, PersonKey)
        .join_from(*_WITH_KEY)
        .join(Person, Person.id == MailboxMessage.person_id)
    )


def _read(row: Row[MailboxMessage, Person, PersonKey], keys: VaultKeys) -> Delivered:
    kept, person, wrapped = row
    key = person_keys.unwrap(keys, wrapped)
    reader = identities.opened(person, key)
    found = sealed_rows.read_all(kept, key)
    return Delivered(
        id=kept.id,
        to_name=f"{reader.given_name} {reader.family_name}",
        language=kept.language,
        subject=found["subject"] or "",
        text=found["text"] or "",
        at=kept.delivered_at,
    )
