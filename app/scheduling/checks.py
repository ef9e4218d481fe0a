"""Everything in a protocol that can be read and still makes no sense: names, conditions, and who can be reached.

Windows, notices and overlaps are window_checks.py.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.scheduling import window_checks
from app.scheduling.elements import ArmKey
from app.scheduling.mistakes import Mistake
from app.scheduling.period import is_never_later
from app.scheduling.protocol import EventKind, Visit
from app.scheduling.rules import Threshold

Installed = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Outline:
    """What could be read of a protocol; an event that could not is None."""

    arms: Collection[str]
    events: Mapping[str, EventKind | None]
    visits: tuple[Visit, ...]


def senseless(outline: Outline, installed: Installed | None) -> Iterator[Mistake]:
    """Everything that can be read and still makes no sense; ``installed``: None asks nothing about instruments."""
    for key in _repeated(visit.key for visit in outline.visits):
        yield Mistake("duplicate-visit", f"visits.{key}")
    for visit in outline.visits:
        yield from _names(visit, outline)
        yield from _instruments(visit, installed)
        yield from window_checks.of_visit(visit)
        yield from _reach(visit, outline)
        for threshold in visit.only_if.scores:
            yield from _threshold(visit, threshold, outline, installed)
    yield from window_checks.overlaps(outline.visits)


def _names(visit: Visit, outline: Outline) -> Iterator[Mistake]:
    """Events and arms that are not declared."""
    where = f"visits.{visit.key}"
    named = [("event", visit.event), *(("stops_at", event) for event in visit.stops_at)]
    if visit.repeats is not None and visit.repeats.until_event is not None:
        named.append(("repeats.until_event", visit.repeats.until_event))
    for field, event in named:
        if event not in outline.events:
            yield Mistake("unknown-event", f"{where}.{field}", {"event": event})
    for field, arms in (("only_if.arms", visit.only_if.arms), ("instruments_by_arm", visit.instruments_by_arm)):
        for arm in arms:
            if arm not in outline.arms:
                yield Mistake("unknown-arm", f"{where}.{field}", {"arm": arm})


def _instruments(visit: Visit, installed: Installed | None) -> Iterator[Mistake]:
    where = f"visits.{visit.key}"
    lists = {"instruments": visit.instruments}
    lists |= {f"instruments_by_arm.{arm}": instruments for arm, instruments in visit.instruments_by_arm.items()}
    for field, instruments in lists.items():
        if not instruments:
            yield Mistake("no-instrument", f"{where}.{field}")
        for instrument in _repeated(instruments):
            yield Mistake("duplicate-instrument", f"{where}.{field}", {"instrument": instrument})
        for instrument in dict.fromkeys(instruments):
            if installed is not None and instrument not in installed:
                yield Mistake("unknown-instrument", f"{where}.{field}", {"instrument": instrument})


def _reach(visit: Visit, outline: Outline) -> Iterator[Mistake]:
    """A visit on an event from whose day on nothing is asked; before that day it may well take place."""
    if not is_never_later((), (visit.offset, visit.closes)):
        return
    event = outline.events.get(visit.event)
    if event is not None and event.is_ending:
        yield Mistake("unreachable", f"visits.{visit.key}.event", {"reason": "ending-event"})
    elif visit.event in visit.stops_at:
        yield Mistake("unreachable", f"visits.{visit.key}.stops_at", {"reason": "stopped-by-own-event"})


def _threshold(visit: Visit, threshold: Threshold, outline: Outline, installed: Installed | None) -> Iterator[Mistake]:
    where, scale = f"visits.{visit.key}.only_if.scores", {"scale": threshold.scale}
    if threshold.at_least is None and threshold.at_most is None:
        yield Mistake("threshold-without-bound", where, scale)
    elif threshold.at_least is not None and threshold.at_most is not None and threshold.at_least > threshold.at_most:
        yield Mistake("threshold-never-met", where, scale)
    if installed is not None and threshold.scale not in installed.get(threshold.instrument, (threshold.scale,)):
        yield Mistake("unknown-scale", where, {**scale, "instrument": threshold.instrument})
    earlier = next((one for one in outline.visits if one.key == threshold.visit), None)
    if earlier is None:
        yield Mistake("unknown-visit", where, {"visit": threshold.visit})
        return
    named = {"visit": earlier.key, "instrument": threshold.instrument}
    if threshold.instrument not in earlier.every_instrument:
        yield Mistake("instrument-not-asked", where, named)
    if earlier.key == visit.key or not _comes_before(earlier, visit):
        yield Mistake("condition-on-later", where, named)
    if earlier.only_if.arms and not set(earlier.only_if.arms) & _arms_of(visit, outline):
        yield Mistake("unreachable", where, {"reason": "other-arms", **named})


def _comes_before(earlier: Visit, later: Visit) -> bool:
    """Whether the earlier visit always opens before the later one closes; of two events nobody knows the order."""
    if earlier.event != later.event:
        return True
    return is_never_later((earlier.offset, earlier.opens), (later.offset, later.opens))


def _arms_of(visit: Visit, outline: Outline) -> set[ArmKey] | set[str]:
    return set(visit.only_if.arms or outline.arms)


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
