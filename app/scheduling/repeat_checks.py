"""Visits that come several times: too often, or so that two windows are open together."""

from collections.abc import Iterator
from datetime import date

from app.scheduling import meetings
from app.scheduling.mistakes import Mistake
from app.scheduling.period import is_never_later
from app.scheduling.protocol import Visit
from app.scheduling.rounds import MAX_TIMES, is_too_often

_ANY_DAY = date(2023, 1, 31)


def is_repeated(visit: Visit) -> bool:
    """Whether a visit comes more than once on one event."""
    return visit.repeats is not None or visit.burst is not None


def of_visit(visit: Visit) -> Iterator[Mistake]:
    """What is wrong with how one visit repeats, as far as the periods themselves make sense."""
    if not is_repeated(visit) or not _makes_sense(visit):
        return
    where = f"visits.{visit.key}.{'repeats' if visit.repeats is not None else 'burst'}"
    if _is_bounded(visit) and is_too_often(visit, _ANY_DAY):
        yield Mistake("too-many-rounds", where, {"most": str(MAX_TIMES)})
    elif meetings.overlaps_itself(meetings.shape_of(visit)):
        yield Mistake("overlaps-itself", where)


def may_meet(first: Visit, second: Visit) -> bool:
    """Whether two visits on one event, of which at least one repeats, are open together for some day of the event."""
    if not (_makes_sense(first) and _makes_sense(second)):
        return False  # told already
    return meetings.meet(meetings.shape_of(first), meetings.shape_of(second))


def _makes_sense(visit: Visit) -> bool:
    steps = [rule.every for rule in (visit.repeats, visit.burst) if rule is not None]
    return all(not is_never_later((step,), ()) for step in steps)


def _is_bounded(visit: Visit) -> bool:
    return visit.repeats is None or visit.repeats.times is not None or visit.repeats.until is not None
