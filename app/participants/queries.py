"""Questions about the people of a study: who they are there, and how each of their visits stands at an instant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from app.scheduling import status, timeline
from app.scheduling.protocol import Protocol
from app.scheduling.status import Facts, State
from app.scheduling.timeline import Occasion
from app.studies.models import Arm, Site

Dates = Mapping[str, date]
Timeline = Callable[[int, str, tuple[tuple[str, date], ...]], tuple[Occasion, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One visit of one person: when it is, what happened, and what that makes it now."""

    occasion: Occasion
    facts: Facts
    state: State


@dataclass(frozen=True, slots=True)
class Person:
    """One participant as professionals know one: by subject code, with every visit that is planned, by opening."""

    id: int
    subject_code: str
    site_id: int
    site_code: str
    arm_id: int | None
    arm_key: str | None
    language: str
    zone: ZoneInfo
    enrolled_at: datetime
    withdrawn_at: datetime | None
    protocol: Protocol
    events: Dates
    visits: tuple[Standing, ...]

    def visit(self, key: str) -> Standing | None:
        """The visit of that key (the last one, should it recur); None where no date makes it planned."""
        return next((one for one in reversed(self.visits) if one.occasion.visit_key == key), None)


@dataclass(frozen=True, slots=True)
class Among:
    """Who is asked about: the people of a study, at some of its sites (None: at all), the one of a subject code, some."""

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

    @cache
    def timeline_of(version: int, zone: str, dates: tuple[tuple[str, date], ...]) -> tuple[Occasion, ...]:
        return timeline.occasions(protocols[version], dict(dates), ZoneInfo(zone))

    facts = _facts(session, among)
    rows, events = _rows(session, among)
    return [
        _person(row, protocols[row.protocol_version_id], events[row.id], facts.get(row.id, {}), timeline_of, at)
        for row in rows
    ]


def find(session: Session, among: Among, protocols: Mapping[int, Protocol], at: datetime) -> Person | None:
    """The one person of a subject code; None for a code nobody has at the sites that were asked about."""
    if among.subject_code is None:
        raise ValueError("name the subject code of the person to find")
    return next(iter(people(session, among, protocols, at)), None)


def participant(
    session: Session, study_id: int, site_ids: tuple[int, ...] | None, subject_code: str
) -> Participant | None:
    """The stored participant of a subject code, to be changed; None for a code nobody has at these sites."""
    return session.scalar(select(Participant).where(*Among(study_id, site_ids, subject_code).conditions()))


def count_by_site(session: Session, study_ids: Sequence[int]) -> dict[int, int]:
    """How many people each site of some studies has enrolled; a site without any is absent."""
    statement = (
        select(Participant.site_id, func.count().label("people"))
        .where(Participant.study_id.in_(study_ids))
        .group_by(Participant.site_id)
    )
    return {row.site_id: row.people for row in session.execute(statement)}


def _rows(session: Session, among: Among) -> tuple[list[Any], dict[int, dict[str, date]]]:
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
            Participant.enrolled_at,
            Participant.withdrawn_at,
            Participant.protocol_version_id,
            ParticipantEvent.key.label("event"),
            ParticipantEvent.on.label("dated"),
        )
        .join(Site, Site.id == Participant.site_id)
        .outerjoin(Arm, Arm.id == Participant.arm_id)
        .outerjoin(ParticipantEvent, ParticipantEvent.participant_id == Participant.id)
        .where(*among.conditions())
        .order_by(Participant.subject_code, ParticipantEvent.id)
    )
    found: dict[int, Any] = {}
    events: dict[int, dict[str, date]] = {}
    for row in session.execute(statement):
        found.setdefault(row.id, row)
        dates = events.setdefault(row.id, {})
        if row.event is not None:
            dates[row.event] = row.dated  # a correction comes later and counts
    return list(found.values()), events


def _facts(session: Session, among: Among) -> dict[int, dict[tuple[str, int], Facts]]:
    statement = (
        select(
            OccasionRecord.participant_id,
            OccasionRecord.visit_key,
            OccasionRecord.iteration,
            OccasionRecord.made_available_at,
            OccasionRecord.notified_at,
            OccasionRecord.opened_at,
            OccasionRecord.started_at,
            OccasionRecord.submitted_at,
            OccasionRecord.excused_at,
        )
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .where(*among.conditions())
    )
    facts: dict[int, dict[tuple[str, int], Facts]] = {}
    for person, visit, iteration, *instants in session.execute(statement):
        facts.setdefault(person, {})[(visit, iteration)] = Facts(*instants)
    return facts


def _person(
    row: Any,
    protocol: Protocol,
    events: Dates,
    facts: Mapping[tuple[str, int], Facts],
    timeline_of: Timeline,
    at: datetime,
) -> Person:
    visits = []
    for occasion in timeline_of(row.protocol_version_id, row.time_zone, tuple(sorted(events.items()))):
        known = facts.get(occasion.key, Facts())
        visits.append(Standing(occasion, known, status.state(occasion, known, row.withdrawn_at, at)))
    return Person(
        id=row.id,
        subject_code=row.subject_code,
        site_id=row.site_id,
        site_code=row.site_code,
        arm_id=row.arm_id,
        arm_key=row.arm_key,
        language=row.language,
        zone=ZoneInfo(row.time_zone),
        enrolled_at=row.enrolled_at,
        withdrawn_at=row.withdrawn_at,
        protocol=protocol,
        events=events,
        visits=tuple(visits),
    )
