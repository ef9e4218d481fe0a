"""What a licence allows: pure values, no database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

EARLY = (60, 14)
"""Days before the end of a licence at which it is said that it ends: early, and urgently."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says. ``study_ids`` None: every study. ``expires_on`` None: no end; else the last day."""

    owner: str
    number: str
    terms: str
    study_ids: frozenset[int] | None
    languages: frozenset[str]
    electronic: bool
    valid_from: date
    expires_on: date | None

    def covers(self, study_id: int, language: str) -> bool:
        """Whether it names the study and the language, whatever the day."""
        return (self.study_ids is None or study_id in self.study_ids) and language in self.languages

    def holds(self, on: date) -> bool:
        """Whether it is valid on that day."""
        return self.valid_from <= on and (self.expires_on is None or on <= self.expires_on)

    def days_left(self, on: date) -> int | None:
        """How many days it still holds after today; negative once it has ended, None without an end."""
        return None if self.expires_on is None else (self.expires_on - on).days


@dataclass(frozen=True, slots=True)
class Permit:
    """A licence that is not withdrawn, as its last revision says."""

    key: str
    instrument: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Ending:
    """A licence that has ended or soon will. ``stage``: days of the warning that is due (60 or 14), 0 once it ended."""

    permit: Permit
    expires_on: date
    days_left: int
    stage: int


def endings(permits: Collection[Permit], on: date) -> tuple[Ending, ...]:
    """The licences to speak of on that day, the first to end first. Pure: pages and digests ask with their own day."""
    found = []
    for permit in permits:
        end, days = permit.terms.expires_on, permit.terms.days_left(on)
        if end is not None and days is not None and days <= max(EARLY):
            stage = 0 if days < 0 else min(limit for limit in EARLY if days <= limit)
            found.append(Ending(permit, end, days, stage))
    return tuple(sorted(found, key=lambda one: (one.expires_on, one.permit.instrument, one.permit.key)))


def warned_until(on: date) -> date:
    """The day up to which a licence must hold for nobody to speak of its end on ``on``."""
    return on + timedelta(days=max(EARLY) + 1)
