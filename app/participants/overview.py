"""How a study stands, in counts: pure functions on the rows that the database has counted. No database, no page."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from app.participants.tallies import Row
from app.scheduling.status import State

ANSWERED = (State.SUBMITTED, State.SUBMITTED_LATE)
OPEN = (State.OPEN, State.STARTED)

Key = TypeVar("Key", str, int)


@dataclass(frozen=True, slots=True)
class Count:
    """How many visits are in each state, how many could ever be answered, and why some of the others were not."""

    states: Counter[State]
    available: int
    reasons: Counter[str] = field(default_factory=Counter)

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


def total(rows: Iterable[Row]) -> Count:
    """All rows together."""
    states: Counter[State] = Counter()
    reasons: Counter[str] = Counter()
    available = 0
    for row in rows:
        states[row.state] += row.visits
        available += row.available
        if row.state is State.EXCUSED:
            reasons[row.reason] += row.visits
    return Count(states, available, reasons)


def by_visit(rows: Iterable[Row], visits: Iterable[str]) -> dict[str, Count]:
    """The counts of each visit, in the order given; a visit that nobody has had yet is there with nothing."""
    return _grouped(rows, list(visits), lambda row: row.visit_key)


def by_site(rows: Iterable[Row], sites: Iterable[int]) -> dict[int, Count]:
    """The counts of each site, in the order given."""
    return _grouped(rows, list(sites), lambda row: row.site_id)


def _grouped(rows: Iterable[Row], keys: Iterable[Key], key_of: Callable[[Row], Key]) -> dict[Key, Count]:
    found: dict[Key, list[Row]] = {key: [] for key in keys}
    for row in rows:
        if key_of(row) in found:
            found[key_of(row)].append(row)
    return {key: total(mine) for key, mine in found.items()}
