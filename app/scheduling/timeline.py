"""Protocol and what is known of a participant -> occasions: which visits there are, and at which instants.

Days become instants where the participant lives then, so that a window holds whole local days, however long the clocks
make them. Nothing is stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

from app.scheduling.elements import EventKey, InstrumentKey, VisitKey
from app.scheduling.local_time import Stay, instant_among, zone_at
from app.scheduling.participation import OccasionKey, Participation, Pause
from app.scheduling.period import add
from app.scheduling.protocol import Protocol, Visit
from app.scheduling.rounds import Place, anchor, place, times
from app.scheduling.rules import Threshold


class Verdict(StrEnum):
    """Whether an occasion concerns the participant."""

    ASKED = "asked"
    """It does."""
    UNDECIDED = "undecided"
    """It depends on an earlier visit that was not sent yet."""
    OTHER_ARM = "other-arm"
    """Only other arms are asked."""
    SCORE_NOT_MET = "score-not-met"
    """A score it depends on is not as the protocol asks, or could not be computed."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One visit of one participant at one iteration (the first is 1), with its four instants in UTC.

    Windows are half-open: it can be answered from ``opens`` on and until just before ``closes``; what happens at
    ``due`` is late. ``key`` is its identity and stays the same when dates, zones or windows change. From ``stops`` on
    an event of the participant forbids to ask. ``zone`` is where the participant lives when it opens.
    """

    visit_key: VisitKey
    iteration: int
    anchor: date
    opens: datetime
    notify: datetime
    due: datetime
    closes: datetime
    instruments: tuple[InstrumentKey, ...]
    zone: ZoneInfo
    verdict: Verdict = Verdict.ASKED
    stops: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    stays: tuple[Stay, ...] = field(default=(), repr=False)
    visit: Visit = field(compare=False, repr=False, kw_only=True)

    @property
    def key(self) -> OccasionKey:
        """Visit key and iteration: under this name the facts of an occasion are kept."""
        return self.visit_key, self.iteration


def occasions(protocol: Protocol, person: Participation, at: datetime) -> tuple[Occasion, ...]:
    """The occasions of a participant, by opening, then closing, then the protocol's order.

    A visit whose event has no day yields none. One that repeats until an event which has not happened is there as far
    as the first time that opens after ``at``. A time that does not belong to the protocol any more, since dates were
    corrected, stays as long as something was answered in it.
    """
    return _sorted(occasion for visit in protocol.visits for occasion in _of_visit(protocol, visit, person, at))


def amended(
    protocol: Protocol, kept: Mapping[OccasionKey, Protocol], person: Participation, at: datetime
) -> tuple[Occasion, ...]:
    """The same where some occasions were made available under another version of the protocol and stay as they were."""
    if not kept:
        return occasions(protocol, person, at)
    old = {id(version): version for version in kept.values() if version is not protocol}
    stayed = [
        occasion
        for version in old.values()
        for occasion in occasions(version, person, at)
        if kept.get(occasion.key) is version
    ]
    theirs = {occasion.key for occasion in stayed}
    return _sorted(chain((one for one in occasions(protocol, person, at) if one.key not in theirs), stayed))


def find(protocol: Protocol, person: Participation, key: OccasionKey, at: datetime) -> Occasion | None:
    """One occasion alone, as ``occasions`` would give it; None where that has none of this key."""
    visit = next((one for one in protocol.visits if one.key == key[0]), None)
    if visit is None:
        return None
    return next((one for one in _of_visit(protocol, visit, person, at, key[1]) if one.iteration == key[1]), None)


def ends_at(protocol: Protocol, person: Participation) -> datetime | None:
    """The beginning of the first day of an event that ends everything, such as a death; None where there is none."""
    return _first_of(protocol.ending_events, person)


def died_at(protocol: Protocol, person: Participation) -> datetime | None:
    """The beginning of the day of a death, as far as this study knows of one."""
    return _first_of(protocol.deaths, person)


def _sorted(found: Iterator[Occasion]) -> tuple[Occasion, ...]:
    return tuple(sorted(found, key=lambda occasion: (occasion.opens, occasion.closes)))


def _of_visit(
    protocol: Protocol, visit: Visit, person: Participation, at: datetime, only: int | None = None
) -> Iterator[Occasion]:
    dated = person.events.get(visit.event)
    if not dated:
        return
    numbers = sorted(dated) if protocol.events[visit.event].repeatable else [1] if 1 in dated else []
    stops = _stops(protocol, visit, person)
    for number in numbers:
        for time in _times(visit, person, dated[number], number, at):
            if only is None or only == time[0].iteration:
                yield _occasion(protocol, visit, person, time, stops)


def _times(visit: Visit, person: Participation, event: date, number: int, at: datetime) -> Iterator[tuple[Place, date]]:
    """Each time of a visit on one event; then those that are left over and touched."""
    until = visit.repeats.until_event if visit.repeats is not None else None
    ended = person.day_of(until) if until is not None else None
    is_open_end = until is not None and ended is None
    shown = set()
    for time in times(visit, event, ended, number):
        shown.add(time[0].iteration)
        yield time
        if is_open_end and _opens(visit, time[1], person.stays) > at:
            break
    for (key, iteration), facts in person.facts.items():
        if key == visit.key and iteration not in shown and facts.is_touched and place(iteration).occurrence == number:
            yield place(iteration), anchor(visit, event, place(iteration))


def _opens(visit: Visit, day: date, stays: Sequence[Stay]) -> datetime:
    return instant_among(add(day, visit.opens), visit.opens_hour, stays)


def _occasion(
    protocol: Protocol,
    visit: Visit,
    person: Participation,
    time: tuple[Place, date],
    stops: datetime | None,
) -> Occasion:
    at, day = time
    stays, iteration = person.stays, at.iteration
    opens = _opens(visit, day, stays)
    return Occasion(
        visit_key=visit.key,
        iteration=iteration,
        anchor=day,
        opens=opens,
        notify=instant_among(add(day, visit.notify), visit.notify_hour, stays),
        due=instant_among(add(day, visit.due), visit.due_hour, stays),
        closes=instant_among(add(day, visit.closes), visit.closes_hour, stays),
        instruments=visit.instruments_for(person.arm),
        zone=stays[0].zone if len(stays) == 1 else zone_at(opens, stays),
        verdict=_verdict(protocol, visit, person, at),
        stops=stops,
        pauses=person.pauses if visit.in_pause == "not-asked" else (),
        stays=stays,
        visit=visit,
    )


def _stops(protocol: Protocol, visit: Visit, person: Participation) -> datetime | None:
    """The beginning of the first day of an event after which this visit is not asked."""
    return _first_of((*protocol.ending_events, *visit.stops_at), person)


def _first_of(events: Iterable[EventKey], person: Participation) -> datetime | None:
    days = [day for day in map(person.day_of, events) if day is not None]
    return instant_among(min(days), 0, person.stays) if days else None


def _verdict(protocol: Protocol, visit: Visit, person: Participation, at: Place) -> Verdict:
    rule = visit.only_if
    if not rule.arms and not rule.scores:
        return Verdict.ASKED
    if person.facts_of((visit.key, at.iteration)).is_touched:
        return Verdict.ASKED  # what was begun is never taken away
    if rule.arms and person.arm not in rule.arms:
        return Verdict.OTHER_ARM
    met = [_is_met(protocol, threshold, person, at) for threshold in rule.scores]
    if False in met:
        return Verdict.SCORE_NOT_MET
    return Verdict.UNDECIDED if None in met else Verdict.ASKED


def _is_met(protocol: Protocol, threshold: Threshold, person: Participation, at: Place) -> bool | None:
    """Whether a threshold is met; None where nobody knows yet."""
    earlier = protocol.visit(threshold.visit)
    there = Place(
        at.occurrence if protocol.events[earlier.event].repeatable else 1,
        at.round if earlier.repeats is not None else 1,
        at.moment if earlier.burst is not None else 1,
    )
    key = (earlier.key, there.iteration)
    if person.facts_of(key).submitted is None:
        return None
    score = person.scores.get(key, {}).get((threshold.instrument, threshold.scale))
    if score is None:
        return False
    is_high_enough = threshold.at_least is None or score >= threshold.at_least
    return is_high_enough and (threshold.at_most is None or score <= threshold.at_most)
