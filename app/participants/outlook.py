"""What an amendment would do to everybody, counted by site and by kind of change; kept as far as a job has come."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.participants.models import Participant
from app.scheduling.amend import Effect

MOST_CLASHES = 50
"""So many people with a clash are named; all are counted."""


@dataclass(slots=True)
class Line:
    """So many people of a site, and what it means for them; ``visits`` counts visits by the kind of change."""

    people: int = 0
    felt: int = 0
    recalled: int = 0
    planned: int = 0
    visits: dict[str, int] = field(default_factory=dict)

    def add(self, effect: Effect) -> None:
        """Count one participant more."""
        self.people += 1
        self.felt += effect.is_felt
        self.recalled += len(effect.recalled)
        self.planned += len(effect.planned)
        for change in effect.changes:
            self.visits[change.what.value] = self.visits.get(change.what.value, 0) + 1


@dataclass(slots=True)
class Outlook:
    """The counts by site, of everybody up to the number ``upto``; ``at`` is when somebody was looked at last."""

    at: datetime
    upto: int = 0
    is_whole: bool = False
    sites: dict[int, Line] = field(default_factory=dict)
    clashes: int = 0
    clashing: list[str] = field(default_factory=list)

    def add(self, people: Iterable[Participant], effects: Mapping[int, Effect], at: datetime) -> None:
        """Count these participants too."""
        for person in people:
            effect = effects[person.id]
            self.sites.setdefault(person.site_id, Line()).add(effect)
            self.upto, self.at = max(self.upto, person.id), at
            if effect.clashes:
                self.clashes += 1
                self.clashing = [*self.clashing, person.subject_code][:MOST_CLASHES]

    @property
    def total(self) -> Line:
        """All sites together."""
        lines = self.sites.values()
        kinds = {kind for line in lines for kind in line.visits}
        return Line(
            people=sum(line.people for line in lines),
            felt=sum(line.felt for line in lines),
            recalled=sum(line.recalled for line in lines),
            planned=sum(line.planned for line in lines),
            visits={kind: sum(line.visits.get(kind, 0) for line in lines) for kind in kinds},
        )


def kept(outlook: Outlook) -> dict[str, Any]:
    """As plain data."""
    plain = asdict(outlook)
    sites = {str(site): line for site, line in plain["sites"].items()}
    return plain | {"at": outlook.at.isoformat(), "sites": sites}


def read(stored: Mapping[str, Any] | None, at: datetime) -> Outlook:
    """The inverse of ``kept``; nobody is counted yet where there is nothing."""
    if stored is None:
        return Outlook(at)
    sites = {int(site): Line(**line) for site, line in stored["sites"].items()}
    return Outlook(**dict(stored) | {"at": datetime.fromisoformat(stored["at"]), "sites": sites})
