"""The courier: takes a message for a pseudonym to the address that only the vault knows.

The message goes to the address; the address never comes to the message. Between the vault and the outside no database
is held: ``pack`` reads the address, a carrier tries, ``record`` writes down what became of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app import once
from app.carriers import MailServer, SmsGateway
from app.identity import identities, ledger, people, person_keys, reachability, sealed_rows
from app.identity.carriage import Carrier, Fate, Message, Parcel, Receipt
from app.identity.identity import Identity
from app.identity.models import MailboxMessage, Person
from app.identity.sms import SmsCarrier
from app.identity.smtp import SmtpCarrier

EMAIL, SMS = "email", "sms"
ADDRESSES: Mapping[str, Callable[[Identity], str | None]] = {
    EMAIL: lambda who: who.email,
    SMS: lambda who: who.phone,
}
WORDS: Mapping[Fate, str] = {
    Fate.DELIVERED: "message.delivered",
    Fate.BOUNCED: "message.bounced",
    Fate.UNCLEAR: "message.unclear",
}
BROKEN = frozenset({"smtp-timeout", "smtp-dropped", "sms-unconnected", "sms-dropped"})
"""Why a try got no answer at all: the line is to blame, and not one address."""
NO_ADDRESS = Receipt(Fate.UNREACHABLE, "no-address")
DEAD_ADDRESS = Receipt(Fate.UNREACHABLE, "dead-address")


def carriers(mail: MailServer | None, sms: SmsGateway | None) -> dict[str, Carrier]:
    """Lines of their own for whoever asks, one for each way of sending that is set up."""
    found: dict[str, Carrier] = {}
    if mail is not None:
        found[EMAIL] = SmtpCarrier(mail)
    if sms is not None:
        found[SMS] = SmsCarrier(sms)
    return found


def pack(session: Session, pseudonym: str, message: Message, channel: str) -> Parcel | Receipt:
    """The message with its address on it, or why there is none. people.UnknownPseudonym if nobody has that name."""
    person = people.person_for(session, pseudonym)
    address = ADDRESSES[channel](identities.read(session, person))
    if not address:
        return NO_ADDRESS
    return DEAD_ADDRESS if reachability.is_dead(session, person, channel) else Parcel(address, message)


def know(session: Session, pseudonym: str) -> None:
    """people.UnknownPseudonym if nobody has that name."""
    people.person_for(session, pseudonym)


def record(session: Session, pseudonym: str, channel: str, receipt: Receipt, at: datetime) -> bool:
    """Write down what became of a try; True if the address counts as dead from now on."""
    person = people.person_for(session, pseudonym)
    word = WORDS.get(receipt.fate)
    if word is not None:
        ledger.record(session, at, "courier", word, pseudonym)
    return reachability.note(session, person, channel, receipt.fate, at)


def deliver(session: Session, pseudonym: str, message: Message, at: datetime) -> bool:
    """Put the message into the demonstration's mailbox; False if it had already been delivered.

    ``session`` is the vault's. people.UnknownPseudonym if nobody has that pseudonym.
    """
    is_new = _into_the_mailbox(session, people.person_for(session, pseudonym), message, at)
    if is_new:
        ledger.record(session, at, "courier", "message.delivered", pseudonym)
    return is_new


def post(session: Session, pseudonym: str, message: Message, at: datetime, address: str | None = None) -> bool:
    """Keep a letter of the vault itself, such as a link to sign in, for ``app.jobs.carry_letters`` to carry at once.

    ``address``: where to, if not to the person's address of now. False if one of that name is kept already.
    people.UnknownPseudonym if nobody has that pseudonym.
    """
    return _into_the_mailbox(session, people.person_for(session, pseudonym), message, at, at, address)


def _into_the_mailbox(
    session: Session,
    person: Person,
    message: Message,
    at: datetime,
    due_at: datetime | None = None,
    address: str | None = None,
) -> bool:
    kept = MailboxMessage(
        person_id=person.id, message_id=message.message_id, language=message.language, delivered_at=at, due_at=due_at
    )
    words = {"subject": message.subject, "text": message.text, "address": address}
    sealed_rows.write_all(kept, person_keys.for_sealing(session, person.id), words)
    return once.insert(session, kept)
