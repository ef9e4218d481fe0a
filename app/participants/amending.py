"""Participants go on under another version of their protocol, and back: previewed, applied all together, reverted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import agenda
from app.participants.known import facts_of
from app.participants.models import AmendedParticipant, OccasionRecord, Participant
from app.scheduling import amend
from app.scheduling.amend import Effect, Sent
from app.scheduling.protocol import Protocol
from app.studies import amendments
from app.studies.amendments import Stage
from app.studies.models import Amendment, ProtocolVersion
from app.studies.protocols import parsed

NOTHING_SENT: Mapping[int, Sent] = {}


def concerned(session: Session, amendment: Amendment) -> list[Participant]:
    """Who would go on under another version: everybody of the study who is still asked, by subject code."""
    others = select(Participant).where(
        Participant.study_id == amendment.study_id,
        Participant.protocol_version_id != amendment.to_version_id,
        Participant.withdrawn_at.is_(None),
        Participant.use_withdrawn_at.is_(None),
    )
    return list(session.scalars(others.order_by(Participant.subject_code)))


def preview(
    session: Session,
    amendment: Amendment,
    people: Sequence[Participant],
    at: datetime,
    sent: Mapping[int, Sent] = NOTHING_SENT,
) -> dict[int, Effect]:
    """What the amendment would do to each of these participants at ``at``, changing nothing; four statements.

    ``sent``: by participant, the steps of notices that are settled; without it, what was sent may be listed as planned.
    """
    new = parsed(session.get_one(ProtocolVersion, amendment.to_version_id).document)
    return {
        course.participant.id: _effect(course, new, amendment, sent.get(course.participant.id, {}), at)
        for course in agenda.courses(session, people)
    }


def apply(session: Session, amendment: Amendment, at: datetime, by: str) -> int:
    """Move everybody concerned to the new version, in this transaction; how many. They are looked at again at once.

    Refusals: ``amendment-moved-on`` unless it was approved, ``amendment-overlaps`` where somebody would have two visits
    open together with the same questionnaire.
    """
    amendments.expect(amendment, Stage.APPROVED)
    people = concerned(session, amendment)
    new = parsed(session.get_one(ProtocolVersion, amendment.to_version_id).document)
    for course in agenda.courses(session, people):
        found = _effect(course, new, amendment, {}, at)
        if found.clashes:
            raise Refusal("amendment-overlaps", {"subject": course.participant.subject_code})
        _move(session, course, found, amendment, at)
    amendment.applied_at, amendment.applied_by = at, by
    session.flush()
    return len(people)


def revert(session: Session, amendment: Amendment, at: datetime, by: str) -> int:
    """Move everybody back whom the amendment moved and who still goes on under its version; how many.

    Visits made available meanwhile keep the version under which they were. Refusal ``amendment-moved-on`` unless it is
    applied.
    """
    amendments.expect(amendment, Stage.APPLIED)
    moved = (
        select(AmendedParticipant, Participant)
        .join(Participant, Participant.id == AmendedParticipant.participant_id)
        .where(
            AmendedParticipant.amendment_id == amendment.id,
            Participant.protocol_version_id == amendment.to_version_id,
        )
    )
    people = session.execute(moved).all()
    for row, participant in people:
        participant.protocol_version_id = row.from_version_id
        participant.next_look_at = at
        for record in session.scalars(select(OccasionRecord).where(OccasionRecord.id.in_(row.moved_occasions))):
            if not facts_of(record).is_touched:
                record.protocol_version_id = row.from_version_id
    amendment.reverted_at, amendment.reverted_by = at, by
    session.flush()
    return len(people)


def _effect(course: agenda.Course, new: Protocol, amendment: Amendment, sent: Sent, at: datetime) -> Effect:
    kept = {key: course.versions[course.version_of(key)] for key in course.records}
    return amend.effect(amend.Course(course.protocol, kept, course.known, sent), new, at, amendment.open_visits)


def _move(session: Session, course: agenda.Course, found: Effect, amendment: Amendment, at: datetime) -> None:
    participant = course.participant
    follow = [record for key, record in course.records.items() if key not in found.staying]
    for key, record in course.records.items():
        record.protocol_version_id = course.version_of(key) if key in found.staying else amendment.to_version_id
    session.add(
        AmendedParticipant(
            amendment_id=amendment.id,
            participant_id=participant.id,
            from_version_id=participant.protocol_version_id,
            moved_occasions=[record.id for record in follow],
        )
    )
    participant.protocol_version_id = amendment.to_version_id
    participant.next_look_at = at
