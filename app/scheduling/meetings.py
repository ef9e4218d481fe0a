"""Whether two windows of visits on one event are ever open together, for whichever day of that event. Exact.

First by bounds: each time of a visit is a path of months and days from the event, and ``spreads`` says between which
numbers of days two such paths can lie. Most pairs of windows are apart, or together, by that alone. Only for those that
may be either, every day is tried that has to be; see spreads.py for why those are enough.

A visit that goes on until an event has no last time. If its steps are whole months, what it does repeats every four
years; if they are days, at once; so its times are followed until everything has been seen (``horizon``), at most for a
century.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count
from math import lcm
from typing import NamedTuple

from app.scheduling.period import Period, shift
from app.scheduling.protocol import Visit
from app.scheduling.rounds import MAX_TIMES
from app.scheduling.rules import MAX_ROUNDS, Burst, Repeats
from app.scheduling.spreads import spread, starts

_MEAN_MONTH = 146_097 / 4_800
_SLACK = 8  # no sum of months is further from its mean than that, clamping included
_CENTURY = 36_524
_FOUR_YEARS = 48


class Step(NamedTuple):
    """So many months, and then so many days, in either direction."""

    months: int
    days: int

    @property
    def about(self) -> float:
        """In mean days."""
        return self.months * _MEAN_MONTH + self.days


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides when the windows of a visit are open."""

    offset: Period
    opens: Period
    opens_hour: int
    closes: Period
    closes_hour: int
    repeats: Repeats | None
    burst: Burst | None


@dataclass(frozen=True, slots=True)
class _Time:
    """One time of a visit: the paths to its opening and its closing, and what must not be later than ``last``."""

    opening: Path
    closing: Path
    opens_hour: int
    closes_hour: int
    last: Step | None

    @property
    def is_sure(self) -> bool:
        """Whether it comes for every day of the event."""
        return self.last is None or _between((self.last,), self.opening[:1])[1] <= 0


def shape_of(visit: Visit) -> Shape:
    """The shape of a visit."""
    names = ("offset", "opens", "opens_hour", "closes", "closes_hour", "repeats", "burst")
    return Shape(*(getattr(visit, name) for name in names))


@lru_cache(maxsize=1024)
def overlaps_itself(shape: Shape) -> bool:
    """Whether two windows of one visit are ever open together."""
    times = _times(shape, horizon(shape, shape))
    return _meet(_near(times, times, is_same=True))


@lru_cache(maxsize=4096)
def meet(first: Shape, second: Shape) -> bool:
    """Whether a window of one visit is ever open together with one of the other."""
    until = horizon(first, second)
    return _meet(_near(_times(first, until), _times(second, until), is_same=False))


def horizon(first: Shape, second: Shape) -> float:
    """Until how many days after the event times have to be followed so that everything has been seen."""
    shapes = (first, second)
    endless = [step(shape.repeats.every) for shape in shapes if shape.repeats is not None and not _is_bounded(shape)]
    bounded = [_end(shape) for shape in shapes if _is_bounded(shape)]
    margin = sum(map(_length, shapes)) + 4 * _SLACK
    if bounded:  # what goes on for ever can only meet the other one while that comes
        return max(bounded) + margin
    begin = max(step(shape.offset).about for shape in shapes)
    if all(every.days == 0 for every in endless):
        months = lcm(*(every.months for every in endless), _FOUR_YEARS) + _FOUR_YEARS
        return begin + months * _MEAN_MONTH + margin
    if all(every.months == 0 for every in endless):
        return begin + lcm(*(every.days for every in endless)) + margin
    return begin + _CENTURY


def step(period: Period) -> Step:
    """A period as a step."""
    return Step(period.whole_months, period.days)


def _meet(pairs: Iterable[tuple[_Time, _Time]]) -> bool:
    unsure = []
    for one, other in pairs:
        gaps = (_gap(one, other), _gap(other, one))  # hours from the closing of one to the opening of the other
        if any(low >= 0 for low, _high in gaps):
            continue
        if all(high < 0 for _low, high in gaps) and one.is_sure and other.is_sure:
            return True
        unsure.append((one, other))
    return any(_together(day, unsure) for day in _tries(unsure))


def _tries(unsure: Sequence[tuple[_Time, _Time]]) -> tuple[date, ...]:
    """Every day of the event that has to be tried."""
    if not unsure:
        return ()
    paths = [path for pair in unsure for time in pair for path in (time.opening, time.closing)]
    reached = [sum(step.months + step.days // 28 for step in path) for path in paths]
    is_simple = all(step.months == 0 for path in paths for step in path[1:])
    ahead, back = max(reached) + 1, -min(reached) + 1
    return starts(max(ahead, 0), max(back, 0), is_by_month_only=is_simple)


def _together(event: date, pairs: Sequence[tuple[_Time, _Time]]) -> bool:
    """Whether the windows of a pair are open together for that day of the event."""
    seen: dict[int, tuple[int, int] | None] = {}
    for one, other in pairs:
        windows = []
        for time in (one, other):
            if id(time) not in seen:
                seen[id(time)] = _window(time, event)
            windows.append(seen[id(time)])
        first, second = windows
        if first and second and first[0] < second[1] and second[0] < first[1]:
            return True
    return False


def _window(time: _Time, event: date) -> tuple[int, int] | None:
    """First and last hour, counted from the year 1; None where it does not come."""
    if time.last is not None and _walk(event, time.opening[:1]) > _walk(event, (time.last,)):
        return None
    opens, closes = _walk(event, time.opening), _walk(event, time.closing)
    return 24 * opens.toordinal() + time.opens_hour, 24 * closes.toordinal() + time.closes_hour


def _walk(on: date, path: Path) -> date:
    for months, days in path:
        on = shift(on, months, days)
    return on


def _gap(one: _Time, other: _Time) -> tuple[int, int]:
    low, high = _between(one.closing, other.opening)
    hours = other.opens_hour - one.closes_hour
    return 24 * low + hours, 24 * high + hours


def _between(one: Path, other: Path) -> tuple[int, int]:
    """The fewest and the most days from the end of one path to the end of the other.

    The first steps set out from the same day, so their months are compared; each later step is anywhere in its spread.
    """
    low, high = spread(other[0].months - one[0].months)
    days = sum(step.days for step in other) - sum(step.days for step in one)
    for step in other[1:]:
        least, most = spread(step.months)
        low, high = low + least, high + most
    for step in one[1:]:
        least, most = spread(step.months)
        low, high = low - most, high - least
    return low + days, high + days


def _near(one: Sequence[_Time], other: Sequence[_Time], *, is_same: bool) -> Iterator[tuple[_Time, _Time]]:
    """The pairs that are not far apart whatever months do; both in the order in which they open about."""
    if not one or not other:
        return
    slack = 2 * _SLACK * max(len(time.closing) for time in (one[0], other[0], one[-1], other[-1]))
    opens = [_about(time.opening) for time in other]
    longest = max(_about(time.closing) - _about(time.opening) for time in other)
    for place, time in enumerate(one):
        first = place + 1 if is_same else bisect_left(opens, _about(time.opening) - longest - slack)
        for near in other[first : bisect_right(opens, _about(time.closing) + slack)]:
            yield time, near


def _times(shape: Shape, until: float) -> list[_Time]:
    """Every time that can come until then, at most MAX_TIMES, in the order in which they open about."""
    found: list[_Time] = []
    for number in count(1):
        anchor, last = _round(shape, number)
        if anchor is None or anchor.about > min(until, _CENTURY) or len(found) >= MAX_TIMES:
            break
        found += (_time(shape, path, last) for path in _moments(shape, anchor))
    return sorted(found[:MAX_TIMES], key=lambda time: _about(time.opening))


def _round(shape: Shape, number: int) -> tuple[Step | None, Step | None]:
    """The step from the event to a round, and the one that it must not pass; no step where it cannot come."""
    repeats, (months, days) = shape.repeats, step(shape.offset)
    if repeats is None:
        return (Step(months, days) if number == 1 else None), None
    if number > min(repeats.times or MAX_ROUNDS, MAX_ROUNDS):
        return None, None
    anchor = Step(months + (number - 1) * repeats.every.whole_months, days + (number - 1) * repeats.every.days)
    last = step(repeats.until) if repeats.until is not None else None
    return (None if last is not None and _between((last,), (anchor,))[0] > 0 else anchor), last


def _moments(shape: Shape, anchor: Step) -> Iterator[Path]:
    yield (anchor,)
    if shape.burst is not None:
        every = shape.burst.every
        for moment in range(1, shape.burst.times):
            yield _joined((anchor,), Step(moment * every.whole_months, moment * every.days))


def _time(shape: Shape, path: Path, last: Step | None) -> _Time:
    return _Time(
        _joined(path, step(shape.opens)),
        _joined(path, step(shape.closes)),
        shape.opens_hour,
        shape.closes_hour,
        last,
    )


def _joined(path: Path, more: Step) -> Path:
    """The path with one step more; days alone make the last step longer."""
    if more.months:
        return (*path, more)
    return (*path[:-1], Step(path[-1].months, path[-1].days + more.days))


def _about(path: Path) -> float:
    return sum(step.about for step in path)


def _is_bounded(shape: Shape) -> bool:
    return shape.repeats is None or shape.repeats.times is not None or shape.repeats.until is not None


def _end(shape: Shape) -> float:
    """About when the last time of a bounded visit comes."""
    begin, repeats = step(shape.offset).about, shape.repeats
    if repeats is None:
        return begin
    ends = [step(repeats.until).about] if repeats.until is not None else []
    if repeats.times is not None:
        ends.append(begin + (repeats.times - 1) * step(repeats.every).about)
    return min(ends)


def _length(shape: Shape) -> float:
    """How long a round is about, from the first opening or anchor to the last closing, whichever way they lie."""
    burst = 0.0 if shape.burst is None else (shape.burst.times - 1) * step(shape.burst.every).about
    return burst + abs(step(shape.opens).about) + abs(step(shape.closes).about)
