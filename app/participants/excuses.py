"""Why an answer is missing, as staff know it: recorded on the occasion, and taken back if it was a mistake."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.participants import agenda
from app.participants.models import OccasionRecord, Participant
from app.scheduling.elements import VisitKey

REASONS: Final = ("too-ill", "hospital", "holiday", "refused", "technical", "died", "other")
"""What a reason can be; missing answers are analysed by it."""


def excuse(
    session: Session, participant: Participant, visit_key: str, iteration: int, reason: str, at: datetime
) -> OccasionRecord:
    """Record why a visit has no answers; nothing is asked or sent for it any more. A second reason replaces the first.

    Refusal: "unknown-reason"; "already-sent" if there are answers after all.
    """
    if reason not in REASONS:
        raise Refusal("unknown-reason")
    record = _find(session, participant, visit_key, iteration)
    if record is None:
        course = agenda.courses(session, [participant])[0]
        record = agenda.new_record(course, (VisitKey(visit_key), iteration))
        if not once.insert(session, record):
            record = _find(session, participant, visit_key, iteration)
    if record is None or record.submitted_at is not None:
        raise Refusal("already-sent")
    record.excused_at = record.excused_at or at
    record.excused_reason = reason
    participant.next_look_at = at
    session.flush()
    return record


def take_back(session: Session, participant: Participant, visit_key: str, iteration: int, at: datetime) -> bool:
    """The visit is as if no reason had been recorded, and can be answered while it is open; False if none was."""
    record = _find(session, participant, visit_key, iteration)
    if record is None or record.excused_at is None:
        return False
    record.excused_at, record.excused_reason = None, None
    participant.next_look_at = at
    session.flush()
    return True


def _find(session: Session, participant: Participant, visit_key: str, iteration: int) -> OccasionRecord | None:
    return session.scalars(
        select(OccasionRecord)
        .where(
            OccasionRecord.participant_id == participant.id,
            OccasionRecord.visit_key == visit_key,
            OccasionRecord.iteration == iteration,
        )
        .with_for_update()
    ).one_or_none()
