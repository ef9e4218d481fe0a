"""What is known of one participant of a study, as facts with their instants: the other half of a timeline's input.

No identity, no state: who it is the caller knows, where things stand is computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.scheduling.elements import ArmKey, VisitKey
from app.scheduling.local_time import Stay

OccasionKey = tuple[VisitKey, int]
ScaleName = tuple[str, str]  # the instrument's key and the scale's


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known to have happened on one occasion, each with its instant.

    ``notified`` is when its first notice was handed over for delivery. ``answered`` is when a form that came in on
    paper had been filled in, while ``submitted`` is when it was entered here. A fact counts as soon as it is known,
    even if a clock stepping back makes it look like the future: whoever has answered is never asked again. To ask about
    a past instant, pass the facts that were known then.
    """

    made_available: datetime | None = None
    notified: datetime | None = None
    opened: datetime | None = None
    started: datetime | None = None
    submitted: datetime | None = None
    excused: datetime | None = None
    declined: datetime | None = None
    answered: datetime | None = None

    @property
    def begun(self) -> datetime | None:
        """When the form was first opened or answered."""
        if self.opened is None or self.started is None:
            return self.started if self.opened is None else self.opened
        return min(self.opened, self.started)

    @property
    def is_touched(self) -> bool:
        """Whether the participant has begun or sent it."""
        return self.begun is not None or self.submitted is not None


@dataclass(frozen=True, slots=True)
class Pause:
    """The participation rests from ``since`` until just before ``until``; None: nobody knows yet until when."""

    since: datetime
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Whether it rests at that instant."""
        return self.since <= at and (self.until is None or at < self.until)


class Withdrawal(StrEnum):
    """What a participant takes back. Three different acts: one does not follow from another."""

    FROM_FOLLOW_UP = "follow-up"
    """No further questions; what was answered stays in the study."""
    FROM_CONTACT = "contact"
    """No further messages; visits stay open to whoever comes without being asked."""
    FROM_USE = "use"
    """The answers are not to be used in any analysis made from now on; no further questions either."""


class Stopped(StrEnum):
    """What can end by a withdrawal."""

    ASKING = "asking"
    SENDING = "sending"
    USING = "using"


STOPS: Mapping[Withdrawal, frozenset[Stopped]] = {
    Withdrawal.FROM_FOLLOW_UP: frozenset({Stopped.ASKING, Stopped.SENDING}),
    Withdrawal.FROM_CONTACT: frozenset({Stopped.SENDING}),
    Withdrawal.FROM_USE: frozenset({Stopped.ASKING, Stopped.SENDING, Stopped.USING}),
}


@dataclass(frozen=True, slots=True)
class Participation:
    """Everything the timeline needs to know of one participant.

    ``events``: the day of each event by its number, 1 unless it is a repeatable one; what has no date is not there.
    ``scores``: of sent occasions, as far as conditions ask for them; None where the scale could not be computed.
    """

    events: Mapping[str, Mapping[int, date]]
    stays: tuple[Stay, ...]
    arm: ArmKey | None = None
    pauses: tuple[Pause, ...] = ()
    withdrawals: Mapping[Withdrawal, datetime] = field(default_factory=dict)
    facts: Mapping[OccasionKey, Facts] = field(default_factory=dict)
    scores: Mapping[OccasionKey, Mapping[ScaleName, float | None]] = field(default_factory=dict)

    def facts_of(self, key: OccasionKey) -> Facts:
        """What happened on one occasion; nothing, if nothing is known."""
        return self.facts.get(key, NOTHING_HAPPENED)

    def day_of(self, event: str) -> date | None:
        """The first day of an event, if it has one."""
        return min(self.events.get(event, {}).values(), default=None)

    def ends(self, what: Stopped) -> datetime | None:
        """Since when asking, sending or using is over by a withdrawal."""
        return min((at for kind, at in self.withdrawals.items() if what in STOPS[kind]), default=None)


NOTHING_HAPPENED = Facts()


def participation(events: Mapping[str, date], zone: ZoneInfo, arm: ArmKey | None = None) -> Participation:
    """Of somebody who never moved, on whom nothing happened yet, and who has each event once."""
    return Participation({key: {1: day} for key, day in events.items()}, (Stay(zone),), arm)
