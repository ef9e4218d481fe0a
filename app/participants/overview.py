"""How a study stands, counted: pure functions on people whose visits were computed already. No database, no page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.participants.queries import Person, Standing
from app.scheduling.protocol import Visit
from app.scheduling.status import State

ANSWERED = (State.SUBMITTED, State.SUBMITTED_LATE)
OPEN = (State.OPEN, State.STARTED)


@dataclass(frozen=True, slots=True)
class Count:
    """How many visits are in each state, how many could ever be answered, and how many of those were."""

    states: Counter[State]
    available: int

    def of(self, *states: State) -> int:
        """How many are in one of these states."""
        return sum(self.states[state] for state in states)

    @property
    def answered(self) -> int:
        """Sent, in time or late."""
        return self.of(*ANSWERED)

    @property
    def rate(self) -> float | None:
        """Answered, in per cent of the visits that were made available; None where none was."""
        return 100 * self.answered / self.available if self.available else None


@dataclass(frozen=True, slots=True)
class Overview:
    """A study, or the part of it that somebody may see: its people, and its visits one by one and together."""

    people: int
    withdrawn: int
    visits: tuple[tuple[Visit, Count], ...]
    total: Count


def overview(people: Sequence[Person], visits: Iterable[Visit]) -> Overview:
    """The counts of each visit, in the order given, and of all of them."""
    standings: dict[str, list[Standing]] = {}
    for person in people:
        for standing in person.visits:
            standings.setdefault(standing.occasion.visit_key, []).append(standing)
    return Overview(
        people=len(people),
        withdrawn=sum(person.withdrawn_at is not None for person in people),
        visits=tuple((visit, count(standings.get(visit.key, ()))) for visit in visits),
        total=count(standing for person in people for standing in person.visits),
    )


def count(standings: Iterable[Standing]) -> Count:
    """Visits by state. What was sent had been made available, whoever noted it."""
    found = list(standings)
    available = sum(one.facts.made_available is not None or one.facts.submitted is not None for one in found)
    return Count(Counter(one.state for one in found), available)
