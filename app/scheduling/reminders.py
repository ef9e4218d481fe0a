"""Which notice an occasion needs now, and when to look again. Decides only: claiming and sending are for others."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from app.scheduling.ladder import Step, escalates_at, ladder
from app.scheduling.participation import Facts, OccasionKey, Participation, Stopped
from app.scheduling.rules import Reminder
from app.scheduling.status import ANSWERABLE, State, answerable_until, is_answerable, is_paused, state
from app.scheduling.timeline import Occasion


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now: at most one notice to send, and the steps that came too late and must never be sent.

    Both belong among the sent steps afterwards; otherwise they are planned again.
    """

    send: Reminder | None = None
    skip: tuple[Reminder, ...] = ()


NOTHING = Plan()


def due_steps(occasion: Occasion, facts: Facts, sent: Set[str], silent_since: datetime | None, at: datetime) -> Plan:
    """What to send for one occasion at ``at``, given the names of the steps already sent or skipped.

    Nothing once it is submitted, excused, declined or closed, while the participation rests, nor after any withdrawal
    (``silent_since``); nobody is written to in the grace after closing. Where the sender was down and several steps
    fell due, only the latest goes out.
    """
    if silent_since is not None or at >= occasion.closes or not is_answerable(occasion, facts, None, at):
        return NOTHING
    fallen = [step.reminder for step in ladder(occasion) if step.at <= at]
    if not fallen:
        return NOTHING
    *earlier, latest = fallen
    return Plan(
        send=None if latest.step in sent else latest,
        skip=tuple(reminder for reminder in earlier if reminder.step not in sent),
    )


def coming_steps(
    occasion: Occasion, facts: Facts, sent: Set[str], silent_since: datetime | None, at: datetime, until: datetime
) -> Iterator[Step]:
    """What will be sent for one occasion from ``at`` on and before ``until`` if nothing happens, each at its instant.

    One that should have been sent already comes at ``at``. The participant's own wishes may put each off.
    """
    for step in ladder(occasion):
        moment = max(step.at, at)
        if moment < until and due_steps(occasion, facts, sent, silent_since, moment).send == step.reminder:
            yield Step(step.reminder, moment)


def is_for_staff(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether staff should know by now that the occasion is unanswered; whether they were told is not known here."""
    moment = escalates_at(occasion)
    return moment is not None and moment <= at < occasion.closes and is_answerable(occasion, facts, withdrawn_at, at)


def next_look(
    found: Iterable[Occasion], person: Participation, sent: Mapping[OccasionKey, Set[str]], at: datetime
) -> datetime | None:
    """The first instant, ``at`` or later, at which a participant needs a look; None where nothing can happen any more.

    ``found`` are the participant's occasions as computed for ``at``. Until then no occasion opens, falls due, closes or
    leaves its grace, and no step is to be sent or skipped. It is ``at`` itself while something waits: a step of
    ``due_steps``, or an open occasion not yet made available. It holds for these facts only; after any new one, ask
    again.
    """
    looks = (look for occasion in found for look in _looks(occasion, person, sent.get(occasion.key, frozenset()), at))
    return min(looks, default=None)


def _looks(occasion: Occasion, person: Participation, sent: Set[str], at: datetime) -> Iterator[datetime]:
    """Every instant from ``at`` on at which something may happen on one occasion."""
    facts, asked_until = person.facts_of(occasion.key), person.ends(Stopped.ASKING)
    now = state(occasion, facts, asked_until, at)
    if now is not State.NOT_YET and now not in ANSWERABLE and not _only_rests(occasion, facts, asked_until, at):
        return
    silent_since = person.ends(Stopped.SENDING)
    is_newly_open = now in ANSWERABLE and facts.made_available is None
    if is_newly_open or due_steps(occasion, facts, sent, silent_since, at) != NOTHING:
        yield at
    boundaries = (occasion.opens, occasion.due, occasion.closes, answerable_until(occasion, facts), occasion.stops)
    ends = (edge for pause in occasion.pauses for edge in (pause.since, pause.until))
    steps = (step.at for step in ladder(occasion) if step.reminder.step not in sent)
    moments = (*boundaries, *ends, escalates_at(occasion), *(steps if silent_since is None else ()))
    yield from (moment for moment in moments if moment is not None and moment > at)


def _only_rests(occasion: Occasion, facts: Facts, asked_until: datetime | None, at: datetime) -> bool:
    """Whether nothing but a pause keeps the occasion from being asked."""
    until = answerable_until(occasion, facts)
    is_stopped = occasion.stops is not None and occasion.stops <= at
    return asked_until is None and at < until and not is_stopped and is_paused(occasion, at)
