"""A claimed message to the courier and what became of it back to the study.

Whoever dies before a message has begun has sent nothing; between its beginning and its end at most one message a worker
is in the air, and it is tried again under its own Message-ID. The end of one message and the beginning of the next are
one transaction: nothing is ever in the air that is not written down as such.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.identity import courier
from app.identity.carriage import Carrier, Fate, Parcel, Receipt
from app.identity.people import UnknownPseudonym
from app.jobs import letters, offers
from app.jobs.letters import Letter, Office, Reader
from app.notices import matters, tries
from app.participants.models import Participant

NO_CARRIER = Receipt(Fate.LATER, "no-carrier")
NOBODY = Receipt(Fate.UNREACHABLE, "erased")
"""The account of somebody whom the vault has erased, as nobody on the study side can know."""
Settling = Callable[[Session, Letter, Receipt, datetime], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message; its address is found when it leaves unless it is on it already."""

    letter: Letter
    parcel: Parcel | Receipt | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A message and what became of one try."""

    letter: Letter
    receipt: Receipt


def claim(office: Office, readers: Sequence[Reader], at: datetime) -> list[Letter]:
    """What is due to some people, claimed and with its words: about their studies, and to accounts about others."""
    participants, accounts = offers.apart(readers)
    about_theirs = letters.claim(office, participants, at) if participants else []
    return about_theirs + (offers.claim(office, accounts, at) if accounts else [])


def pack_all(office: Office, lines: Mapping[str, Carrier], claimed: Sequence[Letter]) -> list[Ready]:
    """The messages with their addresses on them, where nothing is wrong with those."""
    packable = [(one.pseudonym, one.message, one.channel) for one in claimed if one.channel in lines]
    if not packable:
        return [Ready(one) for one in claimed]
    with office.vault.read() as vault:
        parcels = courier.pack_all(vault, packable)
    return [Ready(one, parcels.get(one.message.message_id)) for one in claimed]


def pack(office: Office, lines: Mapping[str, Carrier], ready: Ready) -> Parcel | Receipt | None:
    """The message with its address on it, or why there is none; None where it only goes into the mailbox."""
    if ready.parcel is not None:
        return ready.parcel
    letter = ready.letter
    with office.vault.read() as vault:
        try:
            if letter.channel in lines:
                return courier.pack(vault, letter.pseudonym, letter.message, letter.channel)
            courier.know(vault, letter.pseudonym)
        except UnknownPseudonym:
            # A participant whom nobody knows is a fault; an account outlives who it belonged to.
            if letter.account is None:
                raise
            return NOBODY
        # Marking a message as sent that only the demonstration's mailbox has would hide that nobody got it.
        return None if office.config.is_demo else NO_CARRIER


def pass_on(office: Office, done: Done | None, following: Letter | None, at: datetime) -> bool:
    """Mark what became of one message, and that from now on the next may have left; False: it is not to be sent."""
    with office.study.write() as session:
        if done is not None:
            SETTLING[done.receipt.fate](session, done.letter, done.receipt, at)
        is_begun = following is not None and tries.begin(session, following.message.message_id, at)
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


def put_back(office: Office, claimed: Sequence[Letter], at: datetime) -> None:
    """Leave messages that have not left to the next run."""
    with office.study.write() as session:
        tries.put_back(session, [one.message.message_id for one in claimed], at)
        _look_again(session, [who for one in claimed for who in one.readers], at)
        session.commit()


def look_again(office: Office, readers: Sequence[Reader], at: datetime) -> None:
    """Say when the people need a look again, now that their messages are marked."""
    if readers:
        with office.study.write() as session:
            _look_again(session, readers, at)
            session.commit()


def _look_again(session: Session, readers: Sequence[Reader], at: datetime) -> None:
    # Locked, so that a fact recorded meanwhile is either seen by the new hint or sets a hint of its own after it.
    participants, accounts = offers.apart(readers)
    if accounts:
        known = select(Account).where(Account.pseudonym.in_(accounts)).order_by(Account.pseudonym)
        offers.look_again(session, session.scalars(known.with_for_update(key_share=True)).all(), at)
    if participants:
        asked = select(Participant).where(Participant.id.in_(participants)).order_by(Participant.id)
        letters.look_again(session, session.scalars(asked.with_for_update()).all(), at)


def _sent(session: Session, letter: Letter, _receipt: Receipt, at: datetime) -> None:
    tries.sent(session, letter.message.message_id, at)


def _later(session: Session, letter: Letter, receipt: Receipt, at: datetime) -> None:
    name = letter.message.message_id
    if tries.put_off(session, name, receipt.code, at, is_unclear=receipt.fate is Fate.UNCLEAR):
        _alert(session, letter, matters.FAILED, at)


def _failed(session: Session, letter: Letter, receipt: Receipt, at: datetime) -> None:
    tries.fail(session, letter.message.message_id, receipt.code)
    if receipt.fate is not Fate.UNREACHABLE:
        _alert(session, letter, matters.FAILED, at)
    elif letter.participant_ids and tries.raise_task(
        session, letter.participant_ids[0], letter.channel, receipt.code, at
    ):
        _alert(session, letter, matters.ADDRESS, at)


def _alert(session: Session, letter: Letter, kind: str, at: datetime) -> None:
    """Staff of each study that the message is about should hear of it: of none, where it concerns no study."""
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
