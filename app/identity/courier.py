"""The courier: takes a message for a pseudonym to the address that only the vault knows.

The message goes to the address; the address never comes to the message. Between the vault and the outside no database
is held: ``pack`` reads the address, a carrier tries, ``record`` writes down what became of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import once
from app.carriers import MailServer, SmsGateway
from app.identity import ledger, people, person_keys, reachability, sealed_rows
from app.identity.carriage import Carrier, Fate, Message, Parcel, Receipt
from app.identity.models import MailboxMessage, Person
from app.identity.sms import SmsCarrier
from app.identity.smtp import SmtpCarrier

EMAIL, SMS = "email", "sms"
ADDRESSES: Mapping[str, str] = {EMAIL: "email", SMS: "phone"}
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
    address = sealed_rows.read(person, ADDRESSES[channel], person_keys.of(session, person.id))
    if not address:
        return NO_ADDRESS
    return DEAD_ADDRESS if reachability.is_dead(session, person, channel) else Parcel(address, message)


def pack_all(session: Session, wanted: Sequence[tuple[str, Message, str]]) -> dict[str, Parcel | Receipt]:
    """Many at once, each with its pseudonym and its channel: by message id what ``pack`` says, in three statements.

    Whoever cannot be written to for a reason that ``pack`` raises is left out.
    """
    people_by_name = people.people_for(session, {pseudonym for pseudonym, _message, _channel in wanted})
    ids = [person.id for person in people_by_name.values()]
    keys, dead = person_keys.of_all(session, ids), reachability.dead_among(session, people_by_name.values())
    found: dict[str, Parcel | Receipt] = {}
    for pseudonym, message, channel in wanted:
        person = people_by_name.get(pseudonym)
        if person is None or person.id not in keys:
            continue
        address = sealed_rows.read(person, ADDRESSES[channel], keys[person.id])
        if not address:
            found[message.message_id] = NO_ADDRESS
        else:
            is_dead = (person.id, channel) in dead
            found[message.message_id] = DEAD_ADDRESS if is_dead else Parcel(address, message)
    return found


def know(session: Session, pseudonym: str) -> None:
    """people.UnknownPseudonym if nobody has that name."""
    people.person_for(session, pseudonym)


def record(session: Session, pseudonym: str, channel: str, receipt: Receipt, at: datetime) -> bool:
    """Write down what became of a try; True if the address counts as dead from now on."""
    word = WORDS.get(receipt.fate)
    if word is not None:
        ledger.record(session, at, "courier", word, pseudonym)
    if receipt.fate is Fate.DELIVERED:
        reachability.forget_bounces(session, pseudonym, channel)
        return False
    person = people.person_for(session, pseudonym)
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
