"""Which times a visit comes, on which anchor days, and under which number each of them is known for ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count, islice

from app.scheduling.period import NO_TIME, add, add_all
from app.scheduling.protocol import Visit
from app.scheduling.rules import MAX_ROUNDS

MAX_TIMES = 5_000
"""More often nobody is asked within one visit: more than once a day for ten years."""
_YEARS = 100  # no study lives longer, and every date exists
_MOMENTS = MAX_ROUNDS + 1
_OCCURRENCES = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """One time of a visit: the number of its event, its round there, its moment in the burst; each counts from 1."""

    occurrence: int
    round: int
    moment: int

    @property
    def iteration(self) -> int:
        """All three in one number, the same whatever dates do and whatever an amendment adds.

        A visit that comes once has the iteration 1, one that repeats 1, 2, 3 ...; the second evening of a burst is
        10001, the second cycle begins at 1000001.
        """
        return self.round + (self.moment - 1) * _MOMENTS + (self.occurrence - 1) * _OCCURRENCES


def place(iteration: int) -> Place:
    """The inverse of ``Place.iteration``."""
    occurrence, rest = divmod(iteration, _OCCURRENCES)
    moment, number = divmod(rest, _MOMENTS)
    return Place(occurrence + 1, number, moment + 1)


def anchor(visit: Visit, event: date, at: Place) -> date:
    """The anchor day of one time of a visit, whether it still comes or not."""
    every = visit.repeats.every if visit.repeats is not None else NO_TIME
    day = add_all(event, visit.offset, every, at.round - 1)
    return day if visit.burst is None else add_all(day, NO_TIME, visit.burst.every, at.moment - 1)


def times(
    visit: Visit, event: date, until_event: date | None = None, occurrence: int = 1
) -> Iterator[tuple[Place, date]]:
    """Every time of a visit on one event, round by round, with its anchor; at most MAX_TIMES.

    ``until_event`` is the day of the event that ends the repeating, if it has one yet. A visit that repeats until an
    event only goes on without end until then: take what is needed.
    """
    return islice(_times(visit, event, until_event, occurrence), MAX_TIMES)


def is_too_often(visit: Visit, event: date) -> bool:
    """Whether a visit comes more often than MAX_TIMES; one that goes on until an event only is cut there in silence."""
    return sum(1 for _ in islice(_times(visit, event, None, 1), MAX_TIMES + 1)) > MAX_TIMES


def _times(visit: Visit, event: date, until_event: date | None, occurrence: int) -> Iterator[tuple[Place, date]]:
    for number, day in _rounds(visit, event, until_event):
        yield Place(occurrence, number, 1), day
        if visit.burst is not None:
            for moment in range(1, visit.burst.times):
                yield Place(occurrence, number, moment + 1), add_all(day, NO_TIME, visit.burst.every, moment)


def _rounds(visit: Visit, event: date, until_event: date | None) -> Iterator[tuple[int, date]]:
    repeats = visit.repeats
    if repeats is None:
        yield 1, add(event, visit.offset)
        return
    last = add(event, repeats.until) if repeats.until is not None else date.max
    for number in count(1):
        if number > min(repeats.times or MAX_ROUNDS, MAX_ROUNDS):
            return
        day = add_all(event, visit.offset, repeats.every, number - 1)
        if day > last or (until_event is not None and day >= until_event) or day.year > event.year + _YEARS:
            return
        yield number, day
