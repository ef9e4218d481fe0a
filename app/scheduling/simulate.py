"""The time machine: a protocol lived through by synthetic people, by the very rules that run in earnest. No clock.

What comes out is every opening, message and answer with its instant, and how much of a month all this takes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from app.scheduling.elements import InstrumentKey
from app.scheduling.ladder import escalates_at
from app.scheduling.local_time import zone_at
from app.scheduling.participation import Facts, OccasionKey, Participation, ScaleName, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.reminders import due_steps, is_for_staff, next_look
from app.scheduling.status import ANSWERABLE, state
from app.scheduling.synthetic import Character, Trait, cast
from app.scheduling.timeline import Occasion, amended

SOON = timedelta(minutes=1)


class Kind(StrEnum):
    """What stands in the calendar."""

    OPENS = "opens"
    MESSAGE = "message"
    ALERT = "alert"
    ANSWERED = "answered"


_ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the calendar of one synthetic person; ``detail`` is the step of a message, else empty."""

    at: datetime
    zone: ZoneInfo
    person: int
    trait: Trait
    kind: Kind
    key: OccasionKey
    detail: str = ""
    channel: str = ""
    instruments: tuple[InstrumentKey, ...] = ()

    @property
    def local(self) -> datetime:
        """As clocks show it where the person is."""
        return self.at.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Amended:
    """Another version of the protocol applies from ``at`` on."""

    protocol: Protocol
    at: datetime


@dataclass(frozen=True, slots=True)
class Burden:
    """What one month asks of a person: minutes of questionnaires that opened, and messages."""

    minutes: int
    messages: int


def simulate(
    protocol: Protocol, number: int, seed: int, start: date, until: datetime, amendment: Amended | None = None
) -> tuple[Entry, ...]:
    """The calendar of ``number`` synthetic people included within a year from ``start``, by instant.

    Pure: the same input gives the same calendar. Everything after ``until`` is left out.
    """
    lives = (
        _Life(protocol, amendment, one, Random(f"{seed}/{one.number}/answers")).entries(until)  # noqa: S311 -- no secret
        for one in cast(protocol, number, seed, start)
    )
    found = (entry for life in lives for entry in life)
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.person, _ORDER.index(entry.kind), entry.key)))


def burden(entries: Iterable[Entry], minutes: Mapping[InstrumentKey, int]) -> dict[tuple[int, str], Burden]:
    """What each month (``2026-05``, local) asks of each person; ``minutes`` that each instrument takes."""
    asked: Counter[tuple[int, str]] = Counter()
    messages: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        month = (entry.person, f"{entry.local:%Y-%m}")
        if entry.kind is Kind.OPENS:
            asked[month] += sum(minutes.get(instrument, 0) for instrument in entry.instruments)
        messages[month] += entry.kind is Kind.MESSAGE
    return {month: Burden(asked[month], messages[month]) for month in sorted(asked.keys() | messages.keys())}


@dataclass(slots=True)
class _Life:
    """One person's course, moved on from look to look."""

    protocol: Protocol
    amendment: Amended | None
    who: Character
    random: Random
    facts: dict[OccasionKey, Facts] = field(default_factory=dict)
    scores: dict[OccasionKey, Mapping[ScaleName, float | None]] = field(default_factory=dict)
    sent: dict[OccasionKey, frozenset[str]] = field(default_factory=dict)
    kept: dict[OccasionKey, Protocol] = field(default_factory=dict)
    intends: dict[OccasionKey, datetime] = field(default_factory=dict)
    alerted: set[OccasionKey] = field(default_factory=set)

    def entries(self, until: datetime) -> Iterator[Entry]:
        """Everything up to ``until``, in order."""
        at: datetime | None = self.who.happenings[0].at
        while at is not None and at <= until:
            person = self._known(at)
            found = amended(self._version(at), self.kept, person, at)
            for occasion in found:
                yield from self._look(occasion, person, at)
            at = self._next(found, at)

    def _known(self, at: datetime) -> Participation:
        last = [one.known for one in self.who.happenings if one.at <= at][-1]
        return replace(last, facts=self.facts, scores=self.scores)

    def _version(self, at: datetime) -> Protocol:
        return self.protocol if self.amendment is None or at < self.amendment.at else self.amendment.protocol

    def _look(self, occasion: Occasion, person: Participation, at: datetime) -> Iterator[Entry]:
        key, asked_until = occasion.key, person.ends(Stopped.ASKING)
        facts = self.facts.get(key, Facts())
        if state(occasion, facts, asked_until, at) not in ANSWERABLE:
            return
        if facts.made_available is None:
            facts = self.facts[key] = Facts(made_available=at)
            self.kept[key] = self._version(at)
            self._decide(occasion, at)
            yield self._entry(occasion, at, Kind.OPENS)
        if key in self.intends and self.intends[key] <= at:
            self.facts[key] = replace(facts, opened=at, started=at, submitted=at)
            self.scores[key] = self._scores(occasion)
            yield self._entry(occasion, at, Kind.ANSWERED)
            return
        plan = due_steps(occasion, facts, self.sent.get(key, frozenset()), person.ends(Stopped.SENDING), at)
        handled = {step.step for step in (*plan.skip, plan.send) if step is not None}
        self.sent[key] = self.sent.get(key, frozenset()) | handled
        if plan.send is not None:
            yield replace(self._entry(occasion, at, Kind.MESSAGE), detail=plan.send.step, channel=plan.send.channel)
        if key not in self.alerted and is_for_staff(occasion, facts, asked_until, at):
            self.alerted.add(key)
            yield self._entry(occasion, at, Kind.ALERT)

    def _decide(self, occasion: Occasion, at: datetime) -> None:
        """Whether it is going to be answered, and when: seldom before the first message, now and then late."""
        if self.random.random() < self.who.reliability:
            length = occasion.closes - max(at, occasion.notify)
            self.intends[occasion.key] = (
                max(at, occasion.notify) + length * min(0.98, self.random.expovariate(5)) + SOON
            )

    def _scores(self, occasion: Occasion) -> dict[ScaleName, float | None]:
        """Any score that a condition asks for, anywhere between 0 and 100."""
        thresholds = (one for visit in self.protocol.visits for one in visit.only_if.scores)
        return {
            (one.instrument, one.scale): round(100 * self.random.random(), 1)
            for one in thresholds
            if one.visit == occasion.visit_key
        }

    def _next(self, found: Sequence[Occasion], at: datetime) -> datetime | None:
        """When something can happen next, always later than now."""
        look = next_look(found, self._known(at), self.sent, at)
        moments = [one.at for one in self.who.happenings if one.at > at]
        moments += [when for key, when in self.intends.items() if when > at and self.facts[key].submitted is None]
        moments += [moment for moment in map(escalates_at, found) if moment is not None and moment > at]
        moments += [self.amendment.at] if self.amendment is not None and self.amendment.at > at else []
        moments += [max(look, at + SOON)] if look is not None else []
        return min(moments, default=None)

    def _entry(self, occasion: Occasion, at: datetime, kind: Kind) -> Entry:
        zone = zone_at(at, occasion.stays)
        return Entry(at, zone, self.who.number, self.who.trait, kind, occasion.key, instruments=occasion.instruments)
