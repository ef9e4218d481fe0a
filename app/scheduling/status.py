"""Occasion and facts -> its state at an instant, and whether it can be answered then. States are never stored."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.scheduling.participation import Facts
from app.scheduling.timeline import Occasion, Verdict


class State(StrEnum):
    """Where an occasion stands. What was done or decided comes before what the calendar says."""

    NOT_YET = "not-yet"
    """It has not opened, or what decides whether it takes place is not known yet."""
    OPEN = "open"
    """It can be answered, is not due yet, and nothing was answered so far."""
    STARTED = "started"
    """It can be answered, is not due yet, and at least one answer was given."""
    OVERDUE = "overdue"
    """It was due, whether begun or not, and can still be answered."""
    SUBMITTED = "submitted"
    """It was answered before it was due, or its protocol makes no difference."""
    SUBMITTED_LATE = "submitted-late"
    """It was answered when it was due or later."""
    EXCUSED = "excused"
    """It was not submitted, and staff recorded the reason."""
    DECLINED = "declined"
    """It was not submitted, and the participant said not to want to answer it."""
    EXPIRED = "expired"
    """It was not submitted, excused or declined, and can no longer be answered."""
    NOT_APPLICABLE = "not-applicable"
    """It is not asked of this participant: of another arm, by a score, from an event on, or while the study rests."""
    WITHDRAWN = "withdrawn"
    """It was not submitted, excused or declined, and the participant left while it could still have been answered."""


ANSWERABLE = frozenset({State.OPEN, State.STARTED, State.OVERDUE})
_TICK = timedelta(microseconds=1)


def state(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> State:
    """The one state of an occasion at ``at`` (aware); ``withdrawn_at``: since when nothing is asked any more."""
    settled = _settled(occasion, facts)
    if settled is not None:
        return settled
    if occasion.verdict in (Verdict.OTHER_ARM, Verdict.SCORE_NOT_MET):
        return State.NOT_APPLICABLE
    until = answerable_until(occasion, facts)
    stops = occasion.stops if occasion.stops is not None and occasion.stops < until else None
    if withdrawn_at is not None and withdrawn_at < (stops or until):
        return State.WITHDRAWN
    if stops is not None and (at >= stops or stops <= occasion.opens or withdrawn_at is not None):
        return State.NOT_APPLICABLE
    if occasion.verdict is Verdict.UNDECIDED:
        return State.NOT_YET if at < occasion.closes else State.NOT_APPLICABLE
    if withdrawn_at is not None:
        return State.EXPIRED if not is_paused(occasion, until - _TICK) else State.NOT_APPLICABLE
    return _by_calendar(occasion, facts, until, at)


def _settled(occasion: Occasion, facts: Facts) -> State | None:
    """What was done or decided, once for all."""
    if facts.submitted is not None:
        is_late = (facts.answered or facts.submitted) >= occasion.due and occasion.visit.late_answers == "labelled"
        return State.SUBMITTED_LATE if is_late else State.SUBMITTED
    if facts.excused is not None:
        return State.EXCUSED
    return State.DECLINED if facts.declined is not None else None


def _by_calendar(occasion: Occasion, facts: Facts, until: datetime, at: datetime) -> State:
    if at < occasion.opens:
        return State.NOT_YET
    if is_paused(occasion, min(at, until - _TICK)):
        return State.NOT_APPLICABLE
    if at >= until:
        return State.EXPIRED
    if at >= occasion.due:
        return State.OVERDUE
    return State.OPEN if facts.started is None else State.STARTED


def answerable_until(occasion: Occasion, facts: Facts) -> datetime:
    """The instant from which answers are no longer taken: its closing, and the grace that its protocol gives.

    Nobody is cut off while typing: whoever opened the form before it closed has at least an hour more. Where late
    answers are refused, it closes when it is due.
    """
    rules, closes = occasion.visit.expiry, _closes(occasion)
    last_beginning = closes + timedelta(hours=rules.never_opened_hours)
    if facts.begun is not None and facts.begun < last_beginning:
        return max(last_beginning, max(closes, facts.begun) + timedelta(hours=rules.started_hours))
    return last_beginning


def last_end(occasion: Occasion) -> datetime:
    """The instant from which answers are taken under no circumstances: when its link may die."""
    rules = occasion.visit.expiry
    return _closes(occasion) + timedelta(hours=rules.never_opened_hours + rules.started_hours)


def _closes(occasion: Occasion) -> datetime:
    is_short = occasion.visit.late_answers == "refused"
    return min(occasion.due, occasion.closes) if is_short else occasion.closes


def is_answerable(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether answers may be given and sent at ``at``."""
    return state(occasion, facts, withdrawn_at, at) in ANSWERABLE


def is_paused(occasion: Occasion, at: datetime) -> bool:
    """Whether the occasion is not asked at ``at`` because the participation rests."""
    return any(pause.holds_at(at) for pause in occasion.pauses)


def why_not_applicable(occasion: Occasion) -> str:
    """What made it not applicable: a ``Verdict``, ``event`` or ``pause``; for an occasion in that state only."""
    if occasion.verdict is not Verdict.ASKED:
        return occasion.verdict
    return "event" if occasion.stops is not None and occasion.stops < occasion.closes else "pause"
