"""Stored rows -> what the timeline knows of a participant. Values in, values out; no statement is made here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from app.participants import limits
from app.participants.models import OccasionRecord
from app.scheduling.elements import ArmKey, VisitKey
from app.scheduling.local_time import Stay
from app.scheduling.participation import Facts, OccasionKey, Participation, Pause, ScaleName, Withdrawal

EventDays = dict[str, dict[int, date]]

FACTS = (
    OccasionRecord.made_available_at,
    OccasionRecord.notified_at,
    OccasionRecord.opened_at,
    OccasionRecord.started_at,
    OccasionRecord.submitted_at,
    OccasionRecord.excused_at,
    OccasionRecord.declined_at,
    OccasionRecord.answered_at,
)
"""The columns of an occasion's facts, in the order of ``Facts``."""


@dataclass(slots=True)
class Happened:
    """What happened on a participant's occasions, the scores that decide, the versions they stay under, and why they
    were excused.
    """

    facts: dict[OccasionKey, Facts] = field(default_factory=dict)
    scores: dict[OccasionKey, Mapping[ScaleName, float | None]] = field(default_factory=dict)
    versions: dict[OccasionKey, int] = field(default_factory=dict)
    reasons: dict[OccasionKey, str] = field(default_factory=dict)

    def add(
        self,
        key: OccasionKey,
        facts: Facts,
        version: int | None,
        decisive: Mapping[str, float | None],
        reason: str | None,
    ) -> None:
        """Take one stored occasion into account."""
        self.facts[key] = facts
        if version is not None:
            self.versions[key] = version
        if decisive:
            self.scores[key] = scores(decisive)
        if reason is not None:
            self.reasons[key] = reason


def facts_of(record: OccasionRecord | None) -> Facts:
    """A stored occasion as the core sees it."""
    if record is None:
        return Facts()
    return Facts(*(getattr(record, column.key) for column in FACTS))


def happened(records: Iterable[OccasionRecord]) -> Happened:
    """What is stored of a participant's occasions."""
    found = Happened()
    for one in records:
        key = (VisitKey(one.visit_key), one.iteration)
        found.add(key, facts_of(one), one.protocol_version_id, one.decisive_scores, one.excused_reason)
    return found


def scores(stored: Mapping[str, float | None]) -> dict[ScaleName, float | None]:
    """Decisive scores by instrument and scale."""
    found = {}
    for name, value in stored.items():
        instrument, _, scale = name.partition("/")
        found[(instrument, scale)] = value
    return found


def add_event(days: EventDays, key: str | None, number: int, on: date | None) -> None:
    """Take one recorded event into account; they come in the order in which they were recorded, the last one counts."""
    if key is None:
        return
    if on is None:
        days.get(key, {}).pop(number, None)
    else:
        days.setdefault(key, {})[number] = on


class Row(Protocol):
    """The columns of ``Participant`` that matter to the timeline, of an object or of a row."""

    @property
    def time_zone(self) -> str: ...
    @property
    def moves(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def pauses(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def contact_withdrawn_at(self) -> datetime | None: ...
    @property
    def use_withdrawn_at(self) -> datetime | None: ...
    @property
    def contact_stopped_at(self) -> datetime | None: ...
    @property
    def use_restricted_at(self) -> datetime | None: ...


def participation(row: Row, arm: str | None, events: EventDays, what: Happened) -> Participation:
    """One participant as the timeline knows one."""
    acts = {
        Withdrawal.FROM_FOLLOW_UP: row.withdrawn_at,
        Withdrawal.FROM_CONTACT: limits.silent_since(row),
        Withdrawal.FROM_USE: row.use_withdrawn_at,
    }
    return Participation(
        events=events,
        stays=stays(row.time_zone, row.moves),
        arm=ArmKey(arm) if arm is not None else None,
        pauses=pauses(row.pauses),
        withdrawals={act: at for act, at in acts.items() if at is not None},
        facts=what.facts,
        scores=what.scores,
    )


def stays(first: str, moves: Sequence[Mapping[str, str]]) -> tuple[Stay, ...]:
    """Where somebody lived, in the order of time."""
    later = (Stay(ZoneInfo(move["zone"]), datetime.fromisoformat(move["since"])) for move in moves)
    return (Stay(ZoneInfo(first)), *later)


def pauses(stored: Sequence[Mapping[str, str]]) -> tuple[Pause, ...]:
    """When the participation rested."""
    return tuple(
        Pause(datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"]) if "until" in one else None)
        for one in stored
    )
