"""What moves if an event gets another date: the timeline before and after, compared. Nothing is stored here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.participants.agenda import Course
from app.scheduling import amend
from app.scheduling.amend import Sent
from app.scheduling.participation import OccasionKey
from app.scheduling.protocol import Visit
from app.scheduling.timeline import Occasion

NOTHING_SENT: Sent = {}


@dataclass(frozen=True, slots=True)
class Move:
    """One occasion that changes: as it is and as it would be; None where it is, or would be, no part of the timeline.

    ``is_kept``: something was begun or sent on it, which stays under the same visit whatever its dates.
    """

    key: OccasionKey
    before: Occasion | None
    after: Occasion | None
    is_kept: bool

    @property
    def title(self) -> Mapping[str, str]:
        """What the visit is called."""
        one = self.after or self.before
        return one.visit.title if one is not None else {}


@dataclass(frozen=True, slots=True)
class MovedNote:
    """One message that is still to come: when it was planned, and when it is now; None where it is not sent then."""

    key: OccasionKey
    title: Mapping[str, str]
    kind: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What another date does: the visits that move, and the messages that are recalled, moved or newly planned."""

    moves: tuple[Move, ...]
    notes: tuple[MovedNote, ...]


NOTHING = Effect((), ())


def preview(
    course: Course, event: str, number: int, on: date | None, at: datetime, sent: Sent = NOTHING_SENT
) -> Effect:
    """What changes if that event is on that day (None: did not take place), in order of time.

    ``sent``: the steps of messages that are settled; without it, what was sent may be listed as planned.
    """
    days = {key: dict(of) for key, of in course.known.events.items()}
    days.setdefault(event, {}).pop(number, None)
    if on is not None:
        days[event][number] = on
    moved = replace(course, known=replace(course.known, events=days))
    before = {one.key: one for one in course.occasions(at)}
    after = {one.key: one for one in moved.occasions(at)}
    moves = tuple(
        Move(key, before.get(key), after.get(key), course.known.facts_of(key).is_touched)
        for key in dict.fromkeys([*after, *before])
        if _dates(before.get(key)) != _dates(after.get(key))
    )
    was = {(one.key, one.step): one.at for one in amend.notes(before.values(), course.known, sent, at)}
    will = {(one.key, one.step): one.at for one in amend.notes(after.values(), moved.known, sent, at)}
    visits = {key: one.visit for key, one in (before | after).items()}
    notes = (
        MovedNote(key, visits[key].title, _kind(visits[key], step), was.get((key, step)), will.get((key, step)))
        for key, step in was.keys() | will.keys()
        if was.get((key, step)) != will.get((key, step))
    )
    return Effect(moves, tuple(sorted(notes, key=lambda one: min(at for at in (one.before, one.after) if at))))


def _kind(visit: Visit, step: str) -> str:
    return next(one.kind for one in visit.reminders if one.step == step)


def _dates(occasion: Occasion | None) -> tuple[object, ...]:
    if occasion is None:
        return ()
    return (occasion.opens, occasion.notify, occasion.due, occasion.closes, occasion.stops)
