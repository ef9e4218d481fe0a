"""Occasion and facts -> its state at an instant, and whether it can be answered then. States are never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.scheduling.timeline import Occasion

GRACE = timedelta(hours=24)
"""How long after closing a questionnaire that was started before closing may still be sent: nobody is cut off while
typing, and a day is enough for a train without network or an evening too tired to finish."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known to have happened on one occasion, each with its instant.

    A fact counts as soon as it is known, even if a clock stepping back makes it look like the future: whoever has
    answered is never asked again. To ask about a past instant, pass the facts that were known then.
    """

    made_available: datetime | None = None
    notified: datetime | None = None
    opened: datetime | None = None
    started: datetime | None = None
    submitted: datetime | None = None
    excused: datetime | None = None


class State(StrEnum):
    """Where an occasion stands. What was done or decided comes before what the calendar says."""

    NOT_YET = "not-yet"
    """It has not opened."""
    OPEN = "open"
    """It can be answered, is not due yet, and nothing was answered so far."""
    STARTED = "started"
    """It can be answered, is not due yet, and at least one answer was given."""
    OVERDUE = "overdue"
    """It was due, whether begun or not, and can still be answered."""
    SUBMITTED = "submitted"
    """Its answers were sent before it was due."""
    SUBMITTED_LATE = "submitted-late"
    """Its answers were sent when it was due or later."""
    EXCUSED = "excused"
    """It was not submitted, and staff recorded the reason."""
    EXPIRED = "expired"
    """It was not submitted, not excused, and can no longer be answered."""
    WITHDRAWN = "withdrawn"
    """It was not submitted, not excused, and the participant left the study while it could still have been answered."""


ANSWERABLE = frozenset({State.OPEN, State.STARTED, State.OVERDUE})


def state(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> State:
    """The one state of an occasion at ``at`` (aware)."""
    if facts.submitted is not None:
        return State.SUBMITTED if facts.submitted < occasion.due else State.SUBMITTED_LATE
    if facts.excused is not None:
        return State.EXCUSED
    if withdrawn_at is not None:
        return State.WITHDRAWN if withdrawn_at < answerable_until(occasion, facts) else State.EXPIRED
    if at < occasion.opens:
        return State.NOT_YET
    if at >= answerable_until(occasion, facts):
        return State.EXPIRED
    if at >= occasion.due:
        return State.OVERDUE
    return State.OPEN if facts.started is None else State.STARTED


def answerable_until(occasion: Occasion, facts: Facts) -> datetime:
    """The instant from which answers are no longer taken: its closing, or the end of the grace if started before."""
    if facts.started is not None and facts.started < occasion.closes:
        return occasion.closes + GRACE
    return occasion.closes


def is_answerable(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether answers may be given and sent at ``at``."""
    return state(occasion, facts, withdrawn_at, at) in ANSWERABLE
