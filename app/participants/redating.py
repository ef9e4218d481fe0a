"""What moves if an event gets another date: the timeline before and after, compared. Nothing is stored here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.participants.agenda import Course
from app.scheduling.participation import OccasionKey
from app.scheduling.timeline import Occasion


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


def preview(course: Course, event: str, number: int, on: date | None, at: datetime) -> tuple[Move, ...]:
    """Every occasion whose dates change if that event is on that day (None: did not take place), in order of time."""
    days = {key: dict(of) for key, of in course.known.events.items()}
    days.setdefault(event, {}).pop(number, None)
    if on is not None:
        days[event][number] = on
    moved = replace(course, known=replace(course.known, events=days))
    before = {one.key: one for one in course.occasions(at)}
    after = {one.key: one for one in moved.occasions(at)}
    return tuple(
        Move(key, before.get(key), after.get(key), course.known.facts_of(key).is_touched)
        for key in dict.fromkeys([*after, *before])
        if _dates(before.get(key)) != _dates(after.get(key))
    )


def _dates(occasion: Occasion | None) -> tuple[object, ...]:
    if occasion is None:
        return ()
    return (occasion.opens, occasion.notify, occasion.due, occasion.closes, occasion.stops)
