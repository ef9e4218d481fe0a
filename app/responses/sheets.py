"""Answer sheets: found only for their owner, opened once per occasion and instrument."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app import once
from app.db import table
from app.participants import agenda
from app.participants.known import EventDays, add_event, facts_of, happened, participation
from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from app.responses.models import AnswerSheet, Submission
from app.scheduling import status, timeline
from app.scheduling.protocol import Protocol
from app.scheduling.timeline import Occasion
from app.studies.models import Arm, ProtocolVersion
from app.studies.protocols import parsed

# Asked by every save and every page, so built once: building a statement takes longer than running it.
_VERSION = func.coalesce(OccasionRecord.protocol_version_id, Participant.protocol_version_id)
_OWNED = (
    select(AnswerSheet, OccasionRecord, Participant, ProtocolVersion.version, ProtocolVersion.document, Arm.key)
    .join(OccasionRecord, OccasionRecord.id == AnswerSheet.occasion_id)
    .join(Participant, Participant.id == OccasionRecord.participant_id)
    .join(ProtocolVersion, ProtocolVersion.id == _VERSION)
    .outerjoin(Arm, Arm.id == Participant.arm_id)
    .where(AnswerSheet.key == bindparam("sheet"), Participant.account_pseudonym == bindparam("owner"))
)
_SHEETS = select(AnswerSheet).where(AnswerSheet.occasion_id == bindparam("occasion"))
_OWNED_LOCKED = _OWNED.with_for_update(of=AnswerSheet)
_EVENT, _SENT = table(ParticipantEvent).c, table(Submission).c
_EVENTS_AND_SUBMISSION = (
    select(_EVENT.key, _EVENT.number, _EVENT.on, _SENT.id)
    .select_from(table(ParticipantEvent))
    .outerjoin(table(Submission), _SENT.sheet_id == bindparam("sheet"))
    .where(_EVENT.participant_id == bindparam("person"))
    .order_by(_EVENT.id)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """How an instrument is asked: the language to begin in, and by language the wording version to stay with."""

    language: str
    wordings: Mapping[str, str]


NOT_SAID: Mapping[str, Asking] = {}


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet with what decides whether it may be answered: its visit, its owner, its window, its submission.

    ``answered_at`` is set where a form that came in on paper is entered: then that instant decides, not the present.
    """

    sheet: AnswerSheet
    record: OccasionRecord
    participant: Participant
    protocol_version: int
    submission: Submission | None
    occasion: Occasion | None
    protocol: Protocol
    answered_at: datetime | None = None

    @property
    def paper_day(self) -> date | None:
        """The day on which a form that is entered from paper was answered; None where it is answered here."""
        return None if self.answered_at is None else self.sheet.answered_on

    def is_answerable(self, at: datetime) -> bool:
        """Whether answers are still taken: not sent yet, and the visit is open or in its grace."""
        if self.submission is not None or self.occasion is None:
            return False
        asked_until, facts = self.participant.asked_until, facts_of(self.record)
        if self.answered_at is not None:
            at = self.answered_at
            asked_until = None if asked_until is None or at < asked_until else asked_until
            facts = replace(facts, opened=None, started=None)  # they tell of the entering
        return status.is_answerable(self.occasion, facts, asked_until, at)


def find_owned(session: Session, key: str, account_pseudonym: str, *, lock: bool = False) -> OpenSheet | None:
    """The account's sheet of that key, or None: another person's sheet does not exist for anybody else.

    Two statements, and one more once it was sent. With ``lock`` (PostgreSQL) other saves and the sending of this sheet
    wait for this transaction; what they may have changed is read by the second statement, which sees what was committed
    while the first one waited.
    """
    statement = _OWNED_LOCKED if lock else _OWNED
    row = session.execute(statement, {"sheet": key, "owner": account_pseudonym}).one_or_none()
    if row is None:
        return None
    sheet, record, participant, version, document, arm = row
    # A sheet exists only because its visit's event was dated, so this never comes back without a row.
    rows = session.execute(_EVENTS_AND_SUBMISSION, {"sheet": sheet.id, "person": participant.id}).all()
    events: EventDays = {}
    for event, number, on, _sent in rows:
        add_event(events, event, number, on)
    sent = next((row[-1] for row in rows), None)
    submission = None if sent is None else session.get_one(Submission, sent)
    person = participation(participant, arm, events, happened([record]))
    protocol = parsed(document)
    window = timeline.find(protocol, person, agenda.key_of(record), record.opened_at or sheet.started_at)
    return OpenSheet(sheet, record, participant, version, submission, window, protocol)


def open_all(
    session: Session,
    record: OccasionRecord,
    instruments: tuple[str, ...],
    language: str,
    at: datetime,
    asking: Mapping[str, Asking] = NOT_SAID,
) -> list[AnswerSheet]:
    """The visit's sheets, one per instrument in the visit's order; made the first time and found ever after.

    ``asking`` says for each instrument in which language and wordings it begins; ``language`` is for the others.
    """
    there = of_visit(session, record)
    for instrument in instruments:
        if instrument not in there:
            how = asking.get(instrument, Asking(language, {}))
            sheet = AnswerSheet(
                key=secrets.token_urlsafe(16),
                occasion_id=record.id,
                instrument=instrument,
                language=how.language,
                wordings=dict(how.wordings),
                started_at=at,
            )
            once.insert(session, sheet)
    record.opened_at = record.opened_at or at
    session.flush()
    there = of_visit(session, record)
    return [there[instrument] for instrument in instruments]


def of_visit(session: Session, record: OccasionRecord) -> dict[str, AnswerSheet]:
    """The sheets of a visit that were begun, by instrument; one statement."""
    rows = session.scalars(_SHEETS, {"occasion": record.id})
    return {sheet.instrument: sheet for sheet in rows}
