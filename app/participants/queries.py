"""Questions about the people of a study: who they are there, and how each of their visits stands at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.participants.known import FACTS, EventDays, Happened, add_event, participation
from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from app.scheduling import status, timeline
from app.scheduling.elements import VisitKey
from app.scheduling.local_time import zone_at
from app.scheduling.participation import Facts, OccasionKey, Participation, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.status import State
from app.scheduling.timeline import Occasion
from app.studies.models import Arm, Site

Dates = Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Standing:
    """One visit of one person: when it is, what happened, and what that makes it now; why it was excused, if it was."""

    occasion: Occasion
    facts: Facts
    state: State
    excused_reason: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """One participant as professionals know one: by subject code, with every visit that is planned, by opening.

    ``arm_titles`` is read by ``find`` alone: a list of thousands knows the few arms of its study anyway.
    """

    id: int
    subject_code: str
    site_id: int
    site_code: str
    arm_id: int | None
    arm_key: str | None
    arm_titles: Mapping[str, str]
    language: str
    zone: ZoneInfo
    enrolled_at: datetime
    withdrawn_at: datetime | None
    use_restricted_at: datetime | None
    known: Participation
    protocol: Protocol
    events: Dates
    visits: tuple[Standing, ...]

    def visit(self, key: str, state: State | None = None) -> Standing | None:
        """The visit of that key; None where no date makes it planned.

        Of one that recurs: the first in ``state`` if that is asked for, else the last that has opened, else the next.
        """
        mine = [one for one in self.visits if one.occasion.visit_key == key]
        wanted = [one for one in mine if one.state is state]
        opened = [one for one in mine if one.state is not State.NOT_YET]
        return next(iter([*wanted, *reversed(opened), *mine]), None)


@dataclass(frozen=True, slots=True)
class Among:
    """Who is asked about: the people of a study; of some of its sites, of a subject code, or some by their ids."""

    study_id: int
    site_ids: tuple[int, ...] | None = None
    subject_code: str | None = None
    ids: tuple[int, ...] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found = [Participant.study_id == self.study_id]
        if self.site_ids is not None:
            found.append(Participant.site_id.in_(self.site_ids))
        if self.subject_code is not None:
            found.append(Participant.subject_code == self.subject_code)
        if self.ids is not None:
            found.append(Participant.id.in_(self.ids))
        return found


def people(session: Session, among: Among, protocols: Mapping[int, Protocol], at: datetime) -> list[Person]:
    """The people with their visits as they stand at ``at``, by subject code; two statements, however many they are.

    ``protocols`` are the study's versions by id. People with the same dates share one computed timeline.
    """
    return _people(session, among, protocols, at)


def find(session: Session, among: Among, protocols: Mapping[int, Protocol], at: datetime) -> Person | None:
    """The one person of a subject code; None for a code nobody has at the sites that were asked about."""
    if among.subject_code is None:
        raise ValueError("name the subject code of the person to find")
    return next(iter(_people(session, among, protocols, at, Arm.titles.label("arm_titles"))), None)


def participant(
    session: Session, study_id: int, site_ids: tuple[int, ...] | None, subject_code: str
) -> Participant | None:
    """The stored participant of a subject code, to be changed; None for a code nobody has at these sites."""
    return session.scalar(select(Participant).where(*Among(study_id, site_ids, subject_code).conditions()))


def takes_part(session: Session, account: str) -> bool:
    """Whether an account has any study, now or before."""
    return session.scalar(select(Participant.id).where(Participant.account_pseudonym == account).limit(1)) is not None


def count_by_version(session: Session, study_id: int) -> dict[int, int]:
    """How many people of a study go on under each version of its protocol, by the version's id."""
    statement = (
        select(Participant.protocol_version_id, func.count().label("people"))
        .where(Participant.study_id == study_id)
        .group_by(Participant.protocol_version_id)
    )
    return {row.protocol_version_id: row.people for row in session.execute(statement)}


def count_by_site(session: Session, study_ids: Sequence[int]) -> dict[int, int]:
    """How many people each site of some studies has enrolled; a site without any is absent."""
    statement = (
        select(Participant.site_id, func.count().label("people"))
        .where(Participant.study_id.in_(study_ids))
        .group_by(Participant.site_id)
    )
    return {row.site_id: row.people for row in session.execute(statement)}


def _people(
    session: Session, among: Among, protocols: Mapping[int, Protocol], at: datetime, *more: ColumnElement[Any]
) -> list[Person]:
    shared: dict[object, tuple[Occasion, ...]] = {}
    happened = _happened(session, among)
    rows, events = _rows(session, among, more)
    return [_person(row, protocols, events[row.id], happened.get(row.id, Happened()), shared, at) for row in rows]


def _rows(session: Session, among: Among, more: Sequence[ColumnElement[Any]]) -> tuple[list[Any], dict[int, EventDays]]:
    """Each person's columns once, and the date of each event; single columns, for a study has thousands."""
    statement = (
        select(
            Participant.id,
            Participant.subject_code,
            Participant.site_id,
            Site.code.label("site_code"),
            Participant.arm_id,
            Arm.key.label("arm_key"),
            Participant.language,
            Participant.time_zone,
            Participant.moves,
            Participant.pauses,
            Participant.enrolled_at,
            Participant.withdrawn_at,
            Participant.contact_withdrawn_at,
            Participant.use_withdrawn_at,
            Participant.contact_stopped_at,
            Participant.use_restricted_at,
            Participant.protocol_version_id,
            ParticipantEvent.key.label("event"),
            ParticipantEvent.number,
            ParticipantEvent.on.label("dated"),
            *more,
        )
        .join(Site, Site.id == Participant.site_id)
        .outerjoin(Arm, Arm.id == Participant.arm_id)
        .outerjoin(ParticipantEvent, ParticipantEvent.participant_id == Participant.id)
        .where(*among.conditions())
        .order_by(Participant.subject_code, ParticipantEvent.id)
    )
    found: dict[int, Any] = {}
    events: dict[int, EventDays] = {}
    for row in session.execute(statement):
        found.setdefault(row.id, row)
        add_event(events.setdefault(row.id, {}), row.event, row.number, row.dated)
    return list(found.values()), events


def _happened(session: Session, among: Among) -> dict[int, Happened]:
    statement = (
        select(
            OccasionRecord.participant_id,
            OccasionRecord.visit_key,
            OccasionRecord.iteration,
            OccasionRecord.protocol_version_id,
            OccasionRecord.decisive_scores,
            OccasionRecord.excused_reason,
            *FACTS,
        )
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .where(*among.conditions())
    )
    found: dict[int, Happened] = {}
    for person, visit, iteration, version, decisive, reason, *instants in session.execute(statement):
        key = (VisitKey(visit), iteration)
        found.setdefault(person, Happened()).add(key, Facts(*instants), version, decisive, reason)
    return found


def _person(
    row: Any,
    protocols: Mapping[int, Protocol],
    events: EventDays,
    happened: Happened,
    shared: dict[object, tuple[Occasion, ...]],
    at: datetime,
) -> Person:
    known = participation(row, row.arm_key, events, happened)
    protocol = protocols[row.protocol_version_id]
    kept = {key: protocols[version] for key, version in happened.versions.items() if version in protocols}
    asked_until = known.ends(Stopped.ASKING)
    visits = []
    for occasion in _occasions(protocol, kept, known, shared, at):
        facts = known.facts_of(occasion.key)
        state = status.state(occasion, facts, asked_until, at)
        visits.append(Standing(occasion, facts, state, happened.reasons.get(occasion.key)))
    return Person(
        id=row.id,
        subject_code=row.subject_code,
        site_id=row.site_id,
        site_code=row.site_code,
        arm_id=row.arm_id,
        arm_key=row.arm_key,
        arm_titles=getattr(row, "arm_titles", None) or {},
        language=row.language,
        zone=zone_at(at, known.stays),
        enrolled_at=row.enrolled_at,
        withdrawn_at=row.withdrawn_at,
        use_restricted_at=row.use_restricted_at,
        known=known,
        protocol=protocol,
        events={key: min(days.values()) for key, days in events.items() if days},
        visits=tuple(visits),
    )


def _occasions(
    protocol: Protocol,
    kept: Mapping[OccasionKey, Protocol],
    known: Participation,
    shared: dict[object, tuple[Occasion, ...]],
    at: datetime,
) -> tuple[Occasion, ...]:
    """The occasions, taken from somebody with the same dates where nothing else decides."""
    if not protocol.is_plain or known.pauses or any(version is not protocol for version in kept.values()):
        return timeline.amended(protocol, kept, known, at)
    days = tuple(sorted((event, number, day) for event, of in known.events.items() for number, day in of.items()))
    same = (id(protocol), known.stays, known.arm, days)
    if same not in shared:
        shared[same] = timeline.occasions(protocol, known, at)
    return shared[same]
