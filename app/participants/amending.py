"""Participants go on under another version of their protocol, and back: one after the other, each on their own.

Whoever moves them commits after each: what is interrupted goes on where it stopped, and nobody is moved twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

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


def count_concerned(session: Session, amendment: Amendment, search: str = "") -> int:
    """How many people would go on under another version; ``search`` is a part of their subject code."""
    return session.scalar(_concerned(amendment, search).with_only_columns(func.count())) or 0


def concerned(
    session: Session, amendment: Amendment, search: str = "", *, first: int = 0, most: int | None = None
) -> list[Participant]:
    """Who would go on under another version: everybody of the study who is still asked, by subject code.

    Who was moved already, or was held, is not among them.
    """
    found = _concerned(amendment, search).order_by(Participant.subject_code, Participant.id)
    return list(session.scalars(found.offset(first).limit(most)))


def after(session: Session, amendment: Amendment, id: int, most: int) -> list[Participant]:
    """The next so many of them by number, from one number on."""
    found = _concerned(amendment).where(Participant.id > id).order_by(Participant.id)
    return list(session.scalars(found.limit(most)))


def held(session: Session, amendment: Amendment) -> list[str]:
    """The subject codes of whoever stayed where they were, because two visits would have been open together."""
    rows = (
        select(Participant.subject_code)
        .join(AmendedParticipant, AmendedParticipant.participant_id == Participant.id)
        .where(AmendedParticipant.amendment_id == amendment.id, AmendedParticipant.held)
    )
    return list(session.scalars(rows.order_by(Participant.subject_code)))


def count_moved(session: Session, amendment: Amendment) -> int:
    """How many go on under its version because it moved them."""
    return session.scalar(_moved(amendment).with_only_columns(func.count())) or 0


def moved(session: Session, amendment: Amendment, most: int) -> list[int]:
    """The next so many of them, by number: whom a revert moves back."""
    return list(session.scalars(_moved(amendment).order_by(Participant.id).limit(most)))


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


def move(session: Session, amendment_id: int, participant_id: int, at: datetime) -> bool:
    """Move one participant to the new version, who is looked at again at once; whether that happened.

    Nothing happens to somebody who was moved meanwhile, has left, or is moved by an amendment that is not being applied
    any more. Who would have two visits open together with the same questionnaire is held.
    """
    amendment = amendments.locked(session, amendment_id)
    person = _locked(session, _concerned(amendment), participant_id)
    if person is None or amendments.stage(amendment) is not Stage.APPLYING:
        return False
    new = parsed(session.get_one(ProtocolVersion, amendment.to_version_id).document)
    course = agenda.courses(session, [person])[0]
    found = _effect(course, new, amendment, {}, at)
    row = AmendedParticipant(
        amendment_id=amendment.id,
        participant_id=person.id,
        from_version_id=person.protocol_version_id,
        held=bool(found.clashes),
        moved_occasions=[],
    )
    session.add(row)
    if not row.held:
        row.moved_occasions = [record.id for key, record in course.records.items() if key not in found.staying]
        for key, record in course.records.items():
            record.protocol_version_id = course.version_of(key) if key in found.staying else amendment.to_version_id
        person.protocol_version_id = amendment.to_version_id
        person.next_look_at = at
    session.flush()
    return not row.held


def move_back(session: Session, amendment_id: int, participant_id: int, at: datetime) -> bool:
    """Move one participant back whom the amendment moved and who still goes on under its version; whether it happened.

    Visits made available meanwhile keep the version under which they were.
    """
    amendment = amendments.locked(session, amendment_id)
    person = _locked(session, _moved(amendment).with_only_columns(Participant), participant_id)
    if person is None or amendments.stage(amendment) is not Stage.REVERTING:
        return False
    row = session.scalars(
        select(AmendedParticipant).where(
            AmendedParticipant.amendment_id == amendment_id, AmendedParticipant.participant_id == participant_id
        )
    ).one()
    person.protocol_version_id = row.from_version_id
    person.next_look_at = at
    for record in session.scalars(select(OccasionRecord).where(OccasionRecord.id.in_(row.moved_occasions))):
        if not facts_of(record).is_touched:
            record.protocol_version_id = row.from_version_id
    session.flush()
    return True


def _concerned(amendment: Amendment, search: str = "") -> Select[Participant]:
    seen = select(AmendedParticipant.participant_id).where(AmendedParticipant.amendment_id == amendment.id)
    return select(Participant).where(
        Participant.study_id == amendment.study_id,
        Participant.protocol_version_id != amendment.to_version_id,
        Participant.withdrawn_at.is_(None),
        Participant.use_withdrawn_at.is_(None),
        Participant.id.not_in(seen),
        *_named(search),
    )


def _named(search: str) -> list[ColumnElement[bool]]:
    return [func.lower(Participant.subject_code).contains(search.lower(), autoescape=True)] if search else []


def _moved(amendment: Amendment) -> Select[int]:
    return (
        select(Participant.id)
        .join(AmendedParticipant, AmendedParticipant.participant_id == Participant.id)
        .where(
            AmendedParticipant.amendment_id == amendment.id,
            ~AmendedParticipant.held,
            Participant.protocol_version_id == amendment.to_version_id,
        )
    )


def _locked(session: Session, among: Select[Participant], participant_id: int) -> Participant | None:
    one = among.where(Participant.id == participant_id).with_for_update(of=Participant)
    return session.scalar(one.execution_options(populate_existing=True))


def _effect(course: agenda.Course, new: Protocol, amendment: Amendment, sent: Sent, at: datetime) -> Effect:
    kept = {key: course.versions[course.version_of(key)] for key in course.records}
    return amend.effect(amend.Course(course.protocol, kept, course.known, sent), new, at, amendment.open_visits)
