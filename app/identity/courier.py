"""The courier: takes a message for a pseudonym to the address that only the vault knows.

The message goes to the address; the address never comes to the message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import once
from app.identity import ledger, people, person_keys, sealed_rows
from app.identity.models import MailboxMessage, Person


@dataclass(frozen=True, slots=True)
class Message:
    """What the study side hands over. ``message_id`` is its own name for it: the same one is delivered once."""

    message_id: str
    language: str
    subject: str
    text: str


Carrier = Callable[[Session, Person, Message, datetime], bool]


def deliver(session: Session, pseudonym: str, message: Message, at: datetime, carrier: str = "mailbox") -> bool:
    """Take the message to the person; False if it had already been delivered.

    ``session`` is the vault's. people.UnknownPseudonym if nobody has that pseudonym.
    """
    is_new = CARRIERS[carrier](session, people.person_for(session, pseudonym), message, at)
    if is_new:
        ledger.record(session, at, "courier", "message.delivered", pseudonym)
    return is_new


def _into_the_mailbox(session: Session, person: Person, message: Message, at: datetime) -> bool:
    kept = MailboxMessage(
        person_id=person.id, message_id=message.message_id, language=message.language, delivered_at=at
    )
    sealed_rows.write_all(
        kept, person_keys.for_sealing(session, person.id), {"subject": message.subject, "text": message.text}
    )
    return once.insert(session, kept)


# How a message travels; True from a carrier means that this call is the one that delivered it.
CARRIERS: Mapping[str, Carrier] = {"mailbox": _into_the_mailbox}
