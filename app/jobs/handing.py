"""A claimed message to the courier and what became of it back to the study: each step committed by itself.

Whoever dies before ``begin`` has sent nothing; between ``begin`` and ``settle`` at most one message a worker is in the
air, and it is tried again under its own Message-ID.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.identity import courier
from app.identity.carriage import Carrier, Fate, Parcel, Receipt
from app.jobs.letters import Letter, Office, next_look
from app.notices import matters, outbox, tries
from app.participants import agenda
from app.participants.models import Participant

NO_CARRIER = Receipt(Fate.LATER, "no-carrier")
Settling = Callable[[Session, Letter, Receipt, datetime], None]


def send(office: Office, lines: Mapping[str, Carrier], letter: Letter, at: datetime) -> Receipt | None:
    """One try from beginning to end; None if it turned out that it is not to be sent."""
    parcel = pack(office, lines, letter)
    if not begin(office, letter, at):
        return None
    receipt = hand_over(office, lines, letter, parcel, at)
    settle(office, letter, receipt, at)
    return receipt


def pack(office: Office, lines: Mapping[str, Carrier], letter: Letter) -> Parcel | Receipt | None:
    """The message with its address on it, or why there is none; None where it only goes into the mailbox."""
    with office.vault.read() as vault:
        if letter.channel in lines:
            return courier.pack(vault, letter.pseudonym, letter.message, letter.channel)
        courier.know(vault, letter.pseudonym)
        # Marking a message as sent that only the demonstration's mailbox has would hide that nobody got it.
        return None if office.config.is_demo else NO_CARRIER


def begin(office: Office, letter: Letter, at: datetime) -> bool:
    """Write down that from now on it may have left."""
    with office.study.write() as session:
        is_begun = tries.begin(session, letter.message.message_id, at)
        if not is_begun:
            _look_again(session, letter, at)
        session.commit()
        return is_begun


def hand_over(
    office: Office, lines: Mapping[str, Carrier], letter: Letter, parcel: Parcel | Receipt | None, at: datetime
) -> Receipt:
    """To the outside, with no database held; into the demonstration's mailbox where no line is set up."""
    if isinstance(parcel, Receipt):
        return parcel
    if parcel is None:
        with office.vault.write() as vault:
            courier.deliver(vault, letter.pseudonym, letter.message, at)
            vault.commit()
        return Receipt(Fate.DELIVERED, "mailbox")
    receipt = lines[letter.channel].carry(parcel, at)
    with office.vault.write() as vault:
        is_dead = courier.record(vault, letter.pseudonym, letter.channel, receipt, at)
        vault.commit()
    return Receipt(Fate.UNREACHABLE, "dead-address") if is_dead else receipt


def settle(office: Office, letter: Letter, receipt: Receipt, at: datetime) -> None:
    """Mark what became of it, and say when the next look is needed."""
    with office.study.write() as session:
        SETTLING[receipt.fate](session, letter, receipt, at)
        _look_again(session, letter, at)
        session.commit()


def _look_again(session: Session, letter: Letter, at: datetime) -> None:
    for participant_id in letter.participant_ids:
        # Locked, so that a fact recorded meanwhile is either seen by the new hint or sets a hint of its own after it.
        participant = session.get_one(Participant, participant_id, with_for_update=True)
        session.flush()
        visits = agenda.of_participants(session, [participant], at)[participant.id]
        participant.next_look_at = next_look(session, participant, visits, at)


def _sent(session: Session, letter: Letter, _receipt: Receipt, at: datetime) -> None:
    tries.sent(session, letter.message.message_id, at)
    for record in outbox.visits_of(session, letter.message.message_id):
        record.notified_at = record.notified_at or at


def _later(session: Session, letter: Letter, receipt: Receipt, at: datetime) -> None:
    name = letter.message.message_id
    if tries.put_off(session, name, receipt.code, at, is_unclear=receipt.fate is Fate.UNCLEAR):
        _alert(session, letter, matters.FAILED, at)


def _failed(session: Session, letter: Letter, receipt: Receipt, at: datetime) -> None:
    tries.fail(session, letter.message.message_id, receipt.code)
    if receipt.fate is not Fate.UNREACHABLE:
        _alert(session, letter, matters.FAILED, at)
    elif tries.raise_task(session, letter.participant_ids[0], letter.channel, receipt.code, at):
        _alert(session, letter, matters.ADDRESS, at)


def _alert(session: Session, letter: Letter, kind: str, at: datetime) -> None:
    """Staff of each study that the message is about should hear of it."""
    for participant_id in letter.participant_ids:
        participant = session.get_one(Participant, participant_id)
        matters.raise_once(session, participant, kind, f"{letter.message.message_id}:{participant_id}", at)


SETTLING: Mapping[Fate, Settling] = {
    Fate.DELIVERED: _sent,
    Fate.LATER: _later,
    Fate.UNCLEAR: _later,
    Fate.BOUNCED: _failed,
    Fate.UNREACHABLE: _failed,
}
