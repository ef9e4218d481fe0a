"""Windows that make no sense: instants out of order, notices nobody wants, repeating without end, overlaps."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from app.scheduling import repeat_checks
from app.scheduling.mistakes import Mistake
from app.scheduling.period import ONE_DAY, Period, is_never_later
from app.scheduling.protocol import Visit
from app.scheduling.rules import Reminder, Repeats

_ORDER = (  # the earlier day, the later day, what it is called otherwise, the field to blame
    ("opens", "closes", "opens-after-closes", "opens"),
    ("opens", "notify", "notify-before-opens", "notify"),
    ("notify", "closes", "notify-after-closes", "notify"),
    ("opens", "due", "due-before-opens", "due"),
    ("due", "closes", "due-after-closes", "due"),
)
_DAY = Period()


def of_visit(visit: Visit) -> Iterator[Mistake]:
    """What is wrong with one visit's own instants."""
    for earlier, later, code, blamed in _ORDER:
        if not _is_in_order(visit, earlier, later):
            yield Mistake(code, f"visits.{visit.key}.{blamed}")
    yield from _reminders(visit)
    yield from _escalation(visit)
    if visit.repeats is not None:
        yield from _repeats(visit, visit.repeats)
    if visit.burst is not None and is_never_later((visit.burst.every,), (_DAY,)):
        yield Mistake("repeats-in-place", f"visits.{visit.key}.burst")
    yield from repeat_checks.of_visit(visit)


def overlaps(visits: tuple[Visit, ...]) -> Iterator[Mistake]:
    """The instruments that two visits on one event would ask for at the same time, for at least one date of it."""
    for first, second in combinations(visits, 2):
        shared = [instrument for instrument in first.every_instrument if instrument in second.every_instrument]
        if not shared or first.event != second.event or _is_apart(first, second):
            continue
        for instrument in shared:
            yield Mistake("overlap", f"visits.{second.key}", {"other": first.key, "instrument": instrument})


def _is_in_order(visit: Visit, earlier: str, later: str) -> bool:
    """Whether one of the four instants never comes after another one; on one day the hour decides."""
    first: Period = getattr(visit, earlier)
    second: Period = getattr(visit, later)
    is_hour_late = getattr(visit, f"{earlier}_hour") > getattr(visit, f"{later}_hour")
    return is_never_later((first, ONE_DAY) if is_hour_late else (first,), (second,))


def _reminders(visit: Visit) -> Iterator[Mistake]:
    where = f"visits.{visit.key}.reminders"
    for step, times in Counter(reminder.step for reminder in visit.reminders).items():
        if times > 1:
            yield Mistake("duplicate-step", where, {"step": step})
    for reminder in visit.reminders:
        facts = {"step": reminder.step}
        if not _is_after_notify(visit, reminder):
            yield Mistake("reminder-before-notify", where, facts)
        if not _is_before(visit, reminder, visit.closes, visit.closes_hour):
            yield Mistake("reminder-after-closes", where, facts)
        elif visit.late_answers == "refused" and not _is_before(visit, reminder, visit.due, visit.due_hour):
            yield Mistake("reminder-when-refused", where, facts)
    for first, second in combinations(visit.reminders, 2):
        if (first.after, _hour(visit, first)) == (second.after, _hour(visit, second)):  # the first would never be sent
            yield Mistake("reminders-on-one-day", where, {"step": first.step, "other": second.step})


def _escalation(visit: Visit) -> Iterator[Mistake]:
    if visit.escalation is None:
        return
    where, after = f"visits.{visit.key}.escalation", visit.escalation.after
    if not is_never_later((), (after,)):
        yield Mistake("escalation-before-notify", where)
    if not is_never_later((visit.notify, after), (visit.closes,)):
        yield Mistake("escalation-after-closes", where)


def _repeats(visit: Visit, repeats: Repeats) -> Iterator[Mistake]:
    where = f"visits.{visit.key}.repeats"
    if is_never_later((repeats.every,), (_DAY,)):
        yield Mistake("repeats-in-place", where)
    if repeats.times is None and repeats.until is None and repeats.until_event is None:
        yield Mistake("endless", where)
    if repeats.until is not None and not is_never_later((visit.offset,), (repeats.until,)):
        yield Mistake("ends-before-it-begins", where)


def _hour(visit: Visit, reminder: Reminder) -> int:
    return visit.notify_hour if reminder.hour is None else reminder.hour


def _is_after_notify(visit: Visit, reminder: Reminder) -> bool:
    is_hour_early = _hour(visit, reminder) < visit.notify_hour
    return is_never_later((ONE_DAY,) if is_hour_early else (), (reminder.after,))


def _is_before(visit: Visit, reminder: Reminder, end: Period, end_hour: int) -> bool:
    path = (visit.notify, reminder.after)
    return is_never_later((*path, ONE_DAY) if _hour(visit, reminder) >= end_hour else path, (end,))


def _is_apart(first: Visit, second: Visit) -> bool:
    arms, others = set(first.only_if.arms), set(second.only_if.arms)
    if arms and others and arms.isdisjoint(others):
        return True
    if repeat_checks.is_repeated(first) or repeat_checks.is_repeated(second):
        return not repeat_checks.may_meet(first, second)
    return _is_over_before(first, second) or _is_over_before(second, first)


def _is_over_before(first: Visit, second: Visit) -> bool:
    """Whether the first visit always closes before the second one opens; on one day the hour decides."""
    closing = (first.offset, first.closes)
    is_hour_late = first.closes_hour > second.opens_hour
    return is_never_later((*closing, ONE_DAY) if is_hour_late else closing, (second.offset, second.opens))
