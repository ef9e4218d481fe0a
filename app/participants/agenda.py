"""A participant's visits as they stand at an instant: the computed timeline joined with the stored facts."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import once
from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from app.scheduling import status, timeline
from app.scheduling.protocol import Protocol
from app.scheduling.status import ANSWERABLE, Facts, State
from app.scheduling.timeline import Occasion
from app.studies.models import ProtocolVersion
from app.studies.protocols import parsed

Key = tuple[str, int]

# Asked by most pages, so built once: building a statement takes longer than running it.
_VERSIONS = select(ProtocolVersion).where(ProtocolVersion.id.in_(bindparam("versions", expanding=True)))
_EVENTS = (
    select(ParticipantEvent.participant_id, ParticipantEvent.key, ParticipantEvent.on)
    .where(ParticipantEvent.participant_id.in_(bindparam("people", expanding=True)))
    .order_by(ParticipantEvent.id)
)
_RECORDS = select(OccasionRecord).where(OccasionRecord.participant_id.in_(bindparam("people", expanding=True)))
_OF_ACCOUNT = select(Participant).where(Participant.account_pseudonym == bindparam("account"))


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of one participant: when it is, what happened, and what that makes it now."""

    participant: Participant
    protocol: Protocol
    occasion: Occasion
    record: OccasionRecord | None
    state: State

    @property
    def facts(self) -> Facts:
        """What is stored of it."""
        return facts_of(self.record)


def facts_of(record: OccasionRecord | None) -> Facts:
    """A stored occasion as the core sees it."""
    if record is None:
        return Facts()
    return Facts(
        made_available=record.made_available_at,
        notified=record.notified_at,
        opened=record.opened_at,
        started=record.started_at,
        submitted=record.submitted_at,
        excused=record.excused_at,
    )


def of_participants(session: Session, participants: Sequence[Participant], at: datetime) -> dict[int, list[Planned]]:
    """Every visit of each participant, in order of opening; three statements, however many there are."""
    ids = [participant.id for participant in participants]
    events = events_of(session, ids)
    records = _records(session, ids)
    versions = {participant.protocol_version_id for participant in participants}
    documents = session.scalars(_VERSIONS, {"versions": sorted(versions)})
    protocols = {version.id: parsed(version.document) for version in documents}
    agenda = {}
    for person in participants:
        protocol = protocols[person.protocol_version_id]
        agenda[person.id] = _planned(person, protocol, events.get(person.id, {}), records.get(person.id, {}), at)
    return agenda


def of_account(session: Session, account_pseudonym: str, at: datetime) -> list[Planned]:
    """Every visit of one account, over all its studies."""
    mine = list(session.scalars(_OF_ACCOUNT, {"account": account_pseudonym}))
    agenda = of_participants(session, mine, at)
    return sorted((visit for visits in agenda.values() for visit in visits), key=lambda visit: visit.occasion.opens)


def make_available(session: Session, visits: Iterable[Planned], at: datetime) -> list[Planned]:
    """Store that the open visits could be answered from now on: without this fact there is no denominator.

    On the way the stored hints of when visits are due and close are brought up to what the timeline says.
    """
    found = [
        replace(visit, record=_available(session, visit, at))
        if visit.record is None and visit.state in ANSWERABLE
        else visit
        for visit in visits
    ]
    for visit in found:
        note_window(visit)
    return found


def note_window(visit: Planned) -> None:
    """Copy an occasion's dates into the hints by which many are counted at once, if they are not there yet."""
    if visit.record is None:
        return
    hints = (visit.occasion.due, status.answerable_until(visit.occasion, visit.facts))
    if (visit.record.due_at, visit.record.closes_at) != hints:
        visit.record.due_at, visit.record.closes_at = hints


def _available(session: Session, visit: Planned, at: datetime) -> OccasionRecord:
    """The stored occasion, made now unless somebody else made it at the same instant."""
    where = {
        "participant_id": visit.participant.id,
        "visit_key": visit.occasion.visit_key,
        "iteration": visit.occasion.iteration,
    }
    record = OccasionRecord(key=secrets.token_urlsafe(16), made_available_at=at, **where)
    if once.insert(session, record):
        return record
    return session.scalars(select(OccasionRecord).filter_by(**where)).one()


def window_of(document: str, events: Mapping[str, date], zone: str, key: Key) -> Occasion | None:
    """One visit's four instants, computed from values; None if its event has no date (any more)."""
    return _windows(document, tuple(sorted(events.items())), zone).get(key)


@lru_cache(maxsize=4096)
def _windows(document: str, events: tuple[tuple[str, date], ...], zone: str) -> dict[Key, Occasion]:
    found = timeline.occasions(parsed(document), dict(events), ZoneInfo(zone))
    return {(occasion.visit_key, occasion.iteration): occasion for occasion in found}


def _planned(
    person: Participant,
    protocol: Protocol,
    events: Mapping[str, date],
    records: Mapping[Key, OccasionRecord],
    at: datetime,
) -> list[Planned]:
    planned = []
    for occasion in timeline.occasions(protocol, events, ZoneInfo(person.time_zone)):
        record = records.get((occasion.visit_key, occasion.iteration))
        state = status.state(occasion, facts_of(record), person.withdrawn_at, at)
        planned.append(Planned(person, protocol, occasion, record, state))
    return planned


def events_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """The dated events of each participant, as last recorded; nothing for whoever has none."""
    events: dict[int, dict[str, date]] = {}
    for participant, key, on in session.execute(_EVENTS, {"people": ids}):
        events.setdefault(participant, {})[key] = on
    return events


def _records(session: Session, ids: Sequence[int]) -> dict[int, dict[Key, OccasionRecord]]:
    records: dict[int, dict[Key, OccasionRecord]] = {}
    for row in session.scalars(_RECORDS, {"people": ids}):
        records.setdefault(row.participant_id, {})[(row.visit_key, row.iteration)] = row
    return records
