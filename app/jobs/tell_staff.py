"""Write to professionals: codes for their addresses, tests, alerts and digests. Claim, recheck, send, mark.

Their addresses are theirs to give and are kept on the study side: neither the vault nor its address book is asked.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import staff_contacts
from app.accounts.models import Staff
from app.config import Config
from app.db import Database, Databases
from app.identity import courier
from app.identity.carriage import Carrier, Fate, Message, Parcel, Receipt
from app.jobs import staff_causes
from app.jobs.staff_words import WAYS, Desk, Way
from app.notices import staff_outbox
from app.notices.compose import Text
from app.notices.models import StaffNotice
from app.questionnaires.library import Library
from app.studies import notice_tests

NO_ADDRESS: Final = Receipt(Fate.UNREACHABLE, "no-address")
IN_THE_DEMONSTRATION: Final = Receipt(Fate.DELIVERED, staff_outbox.NO_MAIL)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one professional, claimed and written; without an address it cannot leave."""

    message_id: str
    parcel: Parcel | None


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001
    """See what is to be told to whom, then send what is due, at most a batch; without a mail server nothing leaves."""
    counts: Counter[str] = Counter()
    if databases.study is None:
        return counts
    counts["raised"] = staff_causes.alert(databases.study, at)
    counts["digests"] = staff_causes.digest(databases.study, at)
    line = courier.carriers(config.mail, None).get(courier.EMAIL)
    if line is None and not config.is_demo:
        return +counts
    with databases.study.read() as session:
        waiting = staff_outbox.due(session, at)
    for staff_id, kind in waiting:
        for letter in _claim(databases.study, config, staff_id, kind, at):
            counts[_send(databases.study, line, letter, at)] += 1
    if line is not None:
        line.close()
    return +counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left something for the next one."""
    return counts["raised"] >= staff_causes.BATCH or counts.total() - counts["raised"] >= staff_outbox.BATCH


def _claim(study: Database, config: Config, staff_id: int, kind: str, at: datetime) -> list[Letter]:
    """What is due to one professional of one kind, claimed and with its words, by the facts of now."""
    with study.write() as session:
        # One process at a time: of two that see nothing of each other each would be the first to write in an hour.
        session.get_one(Staff, staff_id, with_for_update={"key_share": True})
        last = staff_outbox.last_left(session, staff_id, kind, at)
        notices = staff_outbox.claim(session, staff_id, kind, at)
        if last is not None and at < last + WAYS[kind].apart:
            staff_outbox.wait(session, notices, "just-told", last + WAYS[kind].apart)
            notices = ()
        letters = _letters(session, config, staff_id, WAYS[kind], notices, at) if notices else []
        session.commit()
        return letters


def _letters(
    session: Session, config: Config, staff_id: int, way: Way, notices: Sequence[StaffNotice], at: datetime
) -> list[Letter]:
    contact = staff_contacts.of(session, staff_id)
    desk = Desk(session, session.get_one(Staff, staff_id), contact, config.public_url, at)
    found = []
    for group in [list(notices)] if way.is_together else [[one] for one in notices]:
        text, address = way.write(desk, group), way.address(contact)
        if text is None:
            staff_outbox.drop(session, group)
            continue
        for one in group:
            one.message_id = group[0].message_id
        message = _message(group[0].message_id, text)
        found.append(Letter(message.message_id, None if address is None else Parcel(address, message)))
    session.flush()
    return found


def _message(message_id: str, text: Text) -> Message:
    return Message(message_id, text.language, text.subject, text.text, text.html)


def _send(study: Database, line: Carrier | None, letter: Letter, at: datetime) -> str:
    with study.write() as session:
        is_begun = staff_outbox.begin(session, letter.message_id, at)
        session.commit()
    if not is_begun:
        return "left"
    receipt = _carry(line, letter, at)
    with study.write() as session:
        SETTLING[receipt.fate](session, letter.message_id, receipt, at)
        session.commit()
    return "sent" if receipt.fate is Fate.DELIVERED else receipt.fate.value


def _carry(line: Carrier | None, letter: Letter, at: datetime) -> Receipt:
    if letter.parcel is None:
        return NO_ADDRESS
    return IN_THE_DEMONSTRATION if line is None else line.carry(letter.parcel, at)


def _sent(session: Session, message_id: str, receipt: Receipt, at: datetime) -> None:
    """What was a test is one now: the checklist of its study reads it. Where nothing left, that stays on record."""
    left = receipt is not IN_THE_DEMONSTRATION
    notices = staff_outbox.sent(session, message_id, at, None if left else receipt.code)
    for notice in notices:
        if left and notice.kind == staff_outbox.TEST and notice.study_id is not None:
            tested = (str(notice.facts["kind"]), str(notice.facts["channel"]), str(notice.facts["language"]))
            notice_tests.record(session, notice.study_id, [tested], notice.staff_id, at)
        _forget_address(session, notice)


def _later(session: Session, message_id: str, receipt: Receipt, at: datetime) -> None:
    is_unclear = receipt.fate is Fate.UNCLEAR
    staff_outbox.put_off(session, message_id, receipt.code, at, is_unclear=is_unclear)


def _failed(session: Session, message_id: str, receipt: Receipt, _at: datetime) -> None:
    for notice in staff_outbox.fail(session, message_id, receipt.code):
        _forget_address(session, notice)


def _forget_address(session: Session, notice: StaffNotice) -> None:
    """An address that was given up is kept for the message about that, and no longer."""
    if notice.kind == staff_outbox.ADDRESS_CHANGED:
        staff_contacts.forget_former(session, notice.staff_id)


SETTLING: Mapping[Fate, Callable[[Session, str, Receipt, datetime], None]] = {
    Fate.DELIVERED: _sent,
    Fate.LATER: _later,
    Fate.UNCLEAR: _later,
    Fate.BOUNCED: _failed,
    Fate.UNREACHABLE: _failed,
}
