"""An occasion's ladder of notices, each step at its instant: the visit's hours, quiet hours and weekends kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.scheduling.local_time import instant_among
from app.scheduling.period import add
from app.scheduling.rules import Reminder, Sending
from app.scheduling.timeline import Occasion

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder of the ladder and the instant, in UTC, at which it falls due on one occasion."""

    reminder: Reminder
    at: datetime


def ladder(occasion: Occasion) -> tuple[Step, ...]:
    """All steps of an occasion in the order of time, then of the protocol, whatever was sent or done so far."""
    visit = occasion.visit
    notify_day = add(occasion.anchor, visit.notify)
    steps = []
    for reminder in visit.reminders:
        hour = visit.notify_hour if reminder.hour is None else reminder.hour
        day, hour = allowed(add(notify_day, reminder.after), hour, visit.sending)
        steps.append(Step(reminder, instant_among(day, hour, occasion.stays)))
    return tuple(sorted(steps, key=lambda step: step.at))


def escalates_at(occasion: Occasion) -> datetime | None:
    """When staff are told that it is still unanswered, whatever their participant's quiet hours; None: never."""
    visit = occasion.visit
    if visit.escalation is None:
        return None
    day = add(add(occasion.anchor, visit.notify), visit.escalation.after)
    return instant_among(day, visit.notify_hour, occasion.stays)


def allowed(day: date, hour: int, sending: Sending) -> tuple[date, int]:
    """The first day and hour, not before these, at which the participant may be written to.

    What falls into quiet hours goes out when they end, what falls on a weekend at its hour of Monday.
    """
    start, end = sending.quiet_from, sending.quiet_until
    is_overnight = start > end
    if (is_overnight and (hour >= start or hour < end)) or start <= hour < end:
        day, hour = (day + _DAY if is_overnight and hour >= start else day), end
    while not sending.weekends and day.weekday() >= _SATURDAY:
        day += _DAY
    return day, hour
