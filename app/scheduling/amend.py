"""What another version of a protocol would change for one participant, before anything is changed. Nothing is stored.

What was made available stays as it was, with its window, questionnaires and notices: whoever has begun is not
interrupted, and a visit that was sent never changes. Only if the amendment says so do open visits that nobody has begun
follow the new version.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from app.scheduling.elements import InstrumentKey
from app.scheduling.ladder import ladder
from app.scheduling.participation import Facts, OccasionKey, Participation, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.status import ANSWERABLE, State, state
from app.scheduling.timeline import Occasion, amended

Versions = Mapping[OccasionKey, Protocol]
Sent = Mapping[OccasionKey, Set[str]]
STAY, FOLLOW = "stay", "follow"


class What(StrEnum):
    """What becomes of one occasion."""

    ADDED = "added"
    """The new version asks for it, the old one does not."""
    REMOVED = "removed"
    """The old version asks for it, the new one does not."""
    MOVED = "moved"
    """One of its four instants changes."""
    CHANGED = "changed"
    """Its dates stay; questionnaires, notices or rules change."""
    STAYS = "stays"
    """The new version would change it, but it was made available before and stays as it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One occasion before and after; of one that stays, ``after`` is what the new version would have made of it."""

    what: What
    key: OccasionKey
    before: Occasion | None
    after: Occasion | None

    @property
    def since(self) -> datetime:
        """The first instant at which it makes a difference."""
        return min(one.opens for one in (self.before, self.after) if one is not None)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A notice that is planned for an instant."""

    at: datetime
    key: OccasionKey
    step: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two occasions that would be open together and ask for the same questionnaire."""

    key: OccasionKey
    other: OccasionKey
    instrument: InstrumentKey


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that an amendment does to one participant; ``staying`` keep the version they belong to."""

    changes: tuple[Change, ...]
    recalled: tuple[Note, ...]
    planned: tuple[Note, ...]
    clashes: tuple[Clash, ...]
    staying: frozenset[OccasionKey]

    @property
    def is_felt(self) -> bool:
        """Whether the participant notices anything."""
        return any(change.what is not What.STAYS for change in self.changes)

    @property
    def since(self) -> datetime | None:
        """From when on."""
        return min((one.since for one in self.changes if one.what is not What.STAYS), default=None)


@dataclass(frozen=True, slots=True)
class Course:
    """How a participant goes on so far: today's version, the occasions of others, and which notices are settled."""

    protocol: Protocol
    kept: Versions
    person: Participation
    sent: Sent


def effect(course: Course, new: Protocol, at: datetime, open_visits: str = STAY) -> Effect:
    """What the participant would notice if ``new`` applied from ``at`` on. Pure: the same input, the same effect.

    ``open_visits``: STAY, or FOLLOW for open visits that are not begun.
    """
    person = course.person
    before = {one.key: one for one in amended(course.protocol, course.kept, person, at)}
    staying = frozenset(key for key in before if _stays(person.facts_of(key), open_visits))
    kept = {key: course.kept.get(key, course.protocol) for key in staying}
    after = {one.key: one for one in amended(new, kept, person, at)}
    would_be = {one.key: one for one in amended(new, {}, person, at)} if staying else after
    notes_before = frozenset(notes(before.values(), person, course.sent, at))
    notes_after = frozenset(notes(after.values(), person, course.sent, at))
    return Effect(
        changes=tuple(sorted(_changes(before, after, would_be, staying), key=lambda one: (one.since, one.key))),
        recalled=tuple(sorted(notes_before - notes_after)),
        planned=tuple(sorted(notes_after - notes_before)),
        clashes=tuple(_clashes(after.values(), person, at)),
        staying=staying,
    )


def _stays(facts: Facts, open_visits: str) -> bool:
    is_settled = facts.is_touched or facts.excused is not None or facts.declined is not None
    return is_settled or (open_visits == STAY and facts.made_available is not None)


def _changes(
    before: Mapping[OccasionKey, Occasion],
    after: Mapping[OccasionKey, Occasion],
    would_be: Mapping[OccasionKey, Occasion],
    staying: Set[OccasionKey],
) -> Iterator[Change]:
    for key in before.keys() | after.keys():
        old, new = before.get(key), (would_be if key in staying else after).get(key)
        what = _what(old, new)
        if what is not None:
            yield Change(What.STAYS if key in staying else what, key, old, new)


def _what(old: Occasion | None, new: Occasion | None) -> What | None:
    if old is None:
        return What.ADDED
    if new is None:
        return What.REMOVED
    if (old.opens, old.notify, old.due, old.closes) != (new.opens, new.notify, new.due, new.closes):
        return What.MOVED
    return What.CHANGED if (old, old.visit) != (new, new.visit) else None


def notes(found: Iterable[Occasion], person: Participation, sent: Sent, at: datetime) -> Iterator[Note]:
    """The notices still to come, of occasions that may still be answered; ``sent`` are settled and come no more."""
    if person.ends(Stopped.SENDING) is not None:
        return
    for one in found:
        now = state(one, person.facts_of(one.key), None, at)
        if now is State.NOT_YET or now in ANSWERABLE:
            settled = sent.get(one.key, frozenset())
            for step in ladder(one):
                if at < step.at < one.closes and step.reminder.step not in settled:
                    yield Note(step.at, one.key, step.reminder.step)


def _clashes(found: Iterable[Occasion], person: Participation, at: datetime) -> Iterator[Clash]:
    """Occasions that may still be answered, open together with one questionnaire in common."""
    still = (one for one in found if one.closes > at and _is_waiting(one, person, at))
    waiting = sorted(still, key=lambda one: one.opens)
    for place, first in enumerate(waiting):
        for second in takewhile(lambda one, end=first.closes: one.opens < end, waiting[place + 1 :]):  # type: ignore[misc]
            for instrument in first.instruments:
                if instrument in second.instruments:
                    yield Clash(second.key, first.key, instrument)


def _is_waiting(occasion: Occasion, person: Participation, at: datetime) -> bool:
    now = state(occasion, person.facts_of(occasion.key), person.ends(Stopped.ASKING), at)
    return now is State.NOT_YET or now in ANSWERABLE
