"""Visits that come several times: too often, or so that two windows are open together."""

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import merge
from itertools import islice, pairwise

from app.scheduling.mistakes import Mistake
from app.scheduling.period import add, is_never_later
from app.scheduling.protocol import Visit
from app.scheduling.rounds import MAX_TIMES, is_too_often, times

_STARTS = (  # days from which calendar months differ most
    *(date(2023 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)),
    date(2023, 1, 29),
    date(2023, 1, 30),
    date(2024, 2, 28),
    date(2024, 2, 29),
)
_ENDLESS = 60  # as many times of a visit that goes on until an event show its rhythm

Window = tuple[int, int, str]


def is_repeated(visit: Visit) -> bool:
    """Whether a visit comes more than once on one event."""
    return visit.repeats is not None or visit.burst is not None


def of_visit(visit: Visit) -> Iterator[Mistake]:
    """What is wrong with how one visit repeats, as far as the periods themselves make sense."""
    if not is_repeated(visit) or not _goes_forward(visit):
        return
    where = f"visits.{visit.key}.{'repeats' if visit.repeats is not None else 'burst'}"
    if _is_bounded(visit) and is_too_often(visit, _STARTS[0]):
        yield Mistake("too-many-rounds", where, {"most": str(MAX_TIMES)})
    elif any(_collide(list(_windows(visit, start))) for start in _STARTS):
        yield Mistake("overlaps-itself", where)


def may_meet(first: Visit, second: Visit) -> bool:
    """Whether two visits on one event, of which at least one repeats, are open together.

    Looked at from sixteen days of two years, at which months are as different as they can be.
    """
    if not (_goes_forward(first) and _goes_forward(second)):
        return False  # told already
    return any(_meet(first, second, start) for start in _STARTS)


def _goes_forward(visit: Visit) -> bool:
    steps = [rule.every for rule in (visit.repeats, visit.burst) if rule is not None]
    return all(not is_never_later((step,), ()) for step in steps)


def _is_bounded(visit: Visit) -> bool:
    return visit.repeats is None or visit.repeats.times is not None or visit.repeats.until is not None


def _windows(visit: Visit, event: date) -> Iterator[Window]:
    """First and last hour of each window, counted from the year 1."""
    most = MAX_TIMES if _is_bounded(visit) else _ENDLESS
    for _place, day in islice(times(visit, event), most):
        opens, closes = add(day, visit.opens), add(day, visit.closes)
        yield 24 * opens.toordinal() + visit.opens_hour, 24 * closes.toordinal() + visit.closes_hour, visit.key


def _collide(windows: list[Window]) -> bool:
    return any(first[1] > second[0] for first, second in pairwise(sorted(windows)))


def _meet(first: Visit, second: Visit, event: date) -> bool:
    last_of_each: dict[str, int] = {}
    for opens, closes, key in merge(sorted(_windows(first, event)), sorted(_windows(second, event))):
        if any(end > opens for other, end in last_of_each.items() if other != key):
            return True
        last_of_each[key] = max(closes, last_of_each.get(key, 0))
    return False
