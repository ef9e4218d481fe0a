"""A participant's visits as they stand at an instant: the computed timeline joined with the stored facts."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import once
from app.participants.known import EventDays, add_event, facts_of, happened, participation
from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from app.scheduling import status, timeline
from app.scheduling.elements import VisitKey
from app.scheduling.participation import Facts, OccasionKey, Participation, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.status import ANSWERABLE, State
from app.scheduling.timeline import Occasion
from app.studies.models import Arm, ProtocolVersion
from app.studies.protocols import parsed

# Asked by most pages, so built once: building a statement takes longer than running it.
_VERSIONS = select(ProtocolVersion).where(ProtocolVersion.id.in_(bindparam("versions", expanding=True)))
_ARMS_AND_EVENTS = (
    select(Participant.id, Arm.key, ParticipantEvent.key, ParticipantEvent.number, ParticipantEvent.on)
    .outerjoin(Arm, Arm.id == Participant.arm_id)
    .outerjoin(ParticipantEvent, ParticipantEvent.participant_id == Participant.id)
    .where(Participant.id.in_(bindparam("people", expanding=True)))
    .order_by(ParticipantEvent.id)
)
_RECORDS = select(OccasionRecord).where(OccasionRecord.participant_id.in_(bindparam("people", expanding=True)))
_Name = tuple[int, VisitKey, int]  # of an occasion: whose, and its key
_OF_ACCOUNT = select(Participant).where(Participant.account_pseudonym == bindparam("account"))


@dataclass(frozen=True, slots=True)
class Course:
    """A participant with everything stored that the timeline needs; ``versions`` are all that matter, by id."""

    participant: Participant
    known: Participation
    records: Mapping[OccasionKey, OccasionRecord]
    versions: Mapping[int, Protocol]

    @property
    def protocol(self) -> Protocol:
        """The version under which the participant goes on."""
        return self.versions[self.participant.protocol_version_id]

    def version_of(self, key: OccasionKey) -> int:
        """The version an occasion belongs to: that under which it was made available, or else today's."""
        record = self.records.get(key)
        own = record.protocol_version_id if record is not None else None
        return own if own is not None else self.participant.protocol_version_id

    def occasions(self, at: datetime) -> tuple[Occasion, ...]:
        """The participant's occasions, each under the version it belongs to."""
        kept = {key: self.versions[self.version_of(key)] for key in self.records}
        return timeline.amended(self.protocol, kept, self.known, at)

    def state(self, occasion: Occasion, at: datetime) -> State:
        """The state of one of them."""
        return status.state(occasion, self.known.facts_of(occasion.key), self.known.ends(Stopped.ASKING), at)


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of one participant: when it is, what happened, and what that makes it now."""

    course: Course
    occasion: Occasion
    record: OccasionRecord | None
    state: State

    @property
    def participant(self) -> Participant:
        """Whose it is."""
        return self.course.participant

    @property
    def protocol(self) -> Protocol:
        """The version it belongs to."""
        return self.course.versions[self.course.version_of(self.occasion.key)]

    @property
    def facts(self) -> Facts:
        """What is stored of it."""
        return facts_of(self.record)


def of_participants(session: Session, participants: Sequence[Participant], at: datetime) -> dict[int, list[Planned]]:
    """Every visit of each participant, in order of opening; three statements, however many there are."""
    return {course.participant.id: _planned(course, at) for course in courses(session, participants)}


def courses(session: Session, participants: Sequence[Participant]) -> list[Course]:
    """What is stored of each participant; three statements, however many there are."""
    ids = [participant.id for participant in participants]
    arms, events = _arms_and_events(session, ids)
    records: dict[int, list[OccasionRecord]] = {id: [] for id in ids}
    for record in session.scalars(_RECORDS, {"people": ids}):
        records[record.participant_id].append(record)
    versions = {participant.protocol_version_id for participant in participants}
    versions |= {one.protocol_version_id for of_one in records.values() for one in of_one if one.protocol_version_id}
    documents = session.scalars(_VERSIONS, {"versions": sorted(versions)})
    protocols = {version.id: parsed(version.document) for version in documents}
    return [
        Course(
            participant=one,
            known=participation(one, arms.get(one.id), events.get(one.id, {}), happened(records[one.id])),
            records={key_of(record): record for record in records[one.id]},
            versions=protocols,
        )
        for one in participants
    ]


def of_account(session: Session, account_pseudonym: str, at: datetime) -> list[Planned]:
    """Every visit of one account, over all its studies."""
    mine = list(session.scalars(_OF_ACCOUNT, {"account": account_pseudonym}))
    agenda = of_participants(session, mine, at)
    return sorted((visit for visits in agenda.values() for visit in visits), key=lambda visit: visit.occasion.opens)


def make_available(session: Session, visits: Iterable[Planned], at: datetime) -> list[Planned]:
    """Store that the open visits could be answered from now on: without this fact there is no denominator.

    On the way the stored hints of when visits are due and close are brought up to what the timeline says.
    """
    planned = list(visits)
    opening = [visit for visit in planned if _is_newly_open(visit)]
    made = _made(session, [visit for visit in opening if visit.record is None], at)
    for visit in opening:
        if visit.record is not None:
            visit.record.made_available_at = at
    found = [replace(visit, record=visit.record or made.get(_name(visit))) for visit in planned]
    for visit in found:
        note_window(visit)
    return found


def note_window(visit: Planned) -> None:
    """Copy what counting many at once needs of an occasion into the hints of its record, if it is not there yet."""
    record = visit.record
    if record is None:
        return
    until = status.answerable_until(visit.occasion, visit.facts)
    is_ending = visit.occasion.stops is not None and visit.occasion.stops < until
    # Where lateness makes no difference, an answer has no date by which it was late.
    has_due = record.submitted_at is None or visit.occasion.visit.late_answers == "labelled"
    hints = {
        "due_at": visit.occasion.due if has_due else None,
        "closes_at": visit.occasion.stops if is_ending else until,
        "applies": visit.state is not State.NOT_APPLICABLE,
    }
    for name, value in hints.items():
        if getattr(record, name) != value:
            setattr(record, name, value)


def _is_newly_open(visit: Planned) -> bool:
    return visit.state in ANSWERABLE and (visit.record is None or visit.record.made_available_at is None)


def _made(session: Session, visits: Sequence[Planned], at: datetime) -> dict[_Name, OccasionRecord]:
    """A stored occasion for each of the visits, made now unless somebody else made it at the same instant."""
    wanted = []
    for visit in visits:
        record = new_record(visit.course, visit.occasion.key)
        record.made_available_at = at
        wanted.append(record)
    made = {(one.participant_id, *key_of(one)): one for one in once.insert_all(session, wanted)}
    for participant, visit_key, iteration in {_name(visit) for visit in visits} - set(made):
        theirs = {"participant_id": participant, "visit_key": visit_key, "iteration": iteration}
        made[participant, visit_key, iteration] = session.scalars(select(OccasionRecord).filter_by(**theirs)).one()
    return made


def _name(visit: Planned) -> _Name:
    return (visit.participant.id, *visit.occasion.key)


def new_record(course: Course, key: OccasionKey) -> OccasionRecord:
    """A stored occasion on which nothing happened yet, under the participant's version of the protocol."""
    return OccasionRecord(
        key=secrets.token_urlsafe(16),
        participant_id=course.participant.id,
        visit_key=key[0],
        iteration=key[1],
        protocol_version_id=course.participant.protocol_version_id,
        decisive_scores={},
    )


def key_of(record: OccasionRecord) -> OccasionKey:
    """Under which name the core knows a stored occasion."""
    return VisitKey(record.visit_key), record.iteration


def _planned(course: Course, at: datetime) -> list[Planned]:
    return [
        Planned(course, occasion, course.records.get(occasion.key), course.state(occasion, at))
        for occasion in course.occasions(at)
    ]


def _arms_and_events(session: Session, ids: Sequence[int]) -> tuple[dict[int, str | None], dict[int, EventDays]]:
    """The arm of each participant, and the day of each event as last recorded."""
    arms: dict[int, str | None] = {}
    events: dict[int, EventDays] = {}
    for participant, arm, key, number, on in session.execute(_ARMS_AND_EVENTS, {"people": ids}):
        arms[participant] = arm
        add_event(events.setdefault(participant, {}), key, number, on)
    return arms, events
