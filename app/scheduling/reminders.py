"""Which notice an occasion needs now, and when to look again. Decides only: claiming and sending are for others."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.scheduling.period import add
from app.scheduling.protocol import Protocol
from app.scheduling.rules import Reminder
from app.scheduling.status import ANSWERABLE, Facts, State, answerable_until, is_answerable, state
from app.scheduling.timeline import Occasion, OccasionKey, instant, occasions


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder of the ladder and the instant, in UTC, at which it falls due on one occasion."""

    reminder: Reminder
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now: at most one notice to send, and the steps that came too late and must never be sent.

    Both belong among the sent steps afterwards; otherwise they are planned again.
    """

    send: Reminder | None = None
    skip: tuple[Reminder, ...] = ()


NOTHING = Plan()


def ladder(protocol: Protocol, occasion: Occasion) -> tuple[Step, ...]:
    """All steps of an occasion in the order of time, then of the protocol, whatever was sent or done so far."""
    visit = protocol.visit(occasion.visit_key)
    notify_day = add(occasion.anchor, visit.notify)
    steps = [
        Step(reminder, instant(add(notify_day, reminder.after), visit.notify_hour, occasion.zone))
        for reminder in visit.reminders
    ]
    return tuple(sorted(steps, key=lambda step: step.at))


def due_steps(
    protocol: Protocol,
    occasion: Occasion,
    facts: Facts,
    sent: Set[str],
    withdrawn_at: datetime | None,
    at: datetime,
) -> Plan:
    """What to send for one occasion at ``at``, given the names of the steps already sent or skipped.

    Nothing once it is submitted, excused or closed, nor after withdrawal; nobody is written to in the grace after
    closing. Where the sender was down and several steps fell due, only the latest goes out.
    """
    if at >= occasion.closes or not is_answerable(occasion, facts, withdrawn_at, at):
        return NOTHING
    fallen = [step.reminder for step in ladder(protocol, occasion) if step.at <= at]
    if not fallen:
        return NOTHING
    *earlier, latest = fallen
    return Plan(
        send=None if latest.step in sent else latest,
        skip=tuple(reminder for reminder in earlier if reminder.step not in sent),
    )


def next_look(
    protocol: Protocol,
    events: Mapping[str, date],
    zone: ZoneInfo,
    facts: Mapping[OccasionKey, Facts],
    sent: Mapping[OccasionKey, Set[str]],
    withdrawn_at: datetime | None,
    at: datetime,
) -> datetime | None:
    """The first instant, ``at`` or later, at which a participant needs a look; None where nothing can happen any more.

    Until then no occasion opens, falls due, closes or leaves its grace, and no step is to be sent or skipped. It is
    ``at`` itself while something waits: a step of ``due_steps``, or an open occasion not yet made available. It holds
    for these facts only; after any new one, ask again.
    """
    looks = (
        look
        for occasion in occasions(protocol, events, zone)
        for look in _looks(
            protocol,
            occasion,
            facts.get(occasion.key, Facts()),
            sent.get(occasion.key, frozenset()),
            withdrawn_at,
            at,
        )
    )
    return min(looks, default=None)


def _looks(
    protocol: Protocol,
    occasion: Occasion,
    facts: Facts,
    sent: Set[str],
    withdrawn_at: datetime | None,
    at: datetime,
) -> Iterator[datetime]:
    """Every instant from ``at`` on at which something may happen on one occasion."""
    now = state(occasion, facts, withdrawn_at, at)
    if now is not State.NOT_YET and now not in ANSWERABLE:
        return
    is_newly_open = now in ANSWERABLE and facts.made_available is None
    if is_newly_open or due_steps(protocol, occasion, facts, sent, withdrawn_at, at) != NOTHING:
        yield at
    boundaries = (occasion.opens, occasion.due, occasion.closes, answerable_until(occasion, facts))
    steps = (step.at for step in ladder(protocol, occasion) if step.reminder.step not in sent)
    yield from (moment for moment in (*boundaries, *steps) if moment > at)
