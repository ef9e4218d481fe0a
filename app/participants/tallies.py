"""How many visits of a study are in which state, counted by the database from stored facts; nobody's timeline is made.

A study of a few thousand people is counted when somebody asks. A larger one is counted by a job every few minutes, so
that the answer takes as long whatever its size, and says when that was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, delete, func, insert, not_, or_, select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord, Participant, VisitTally
from app.scheduling.status import State

LIVE_UP_TO = 3_000
"""People of a study that is counted at once: about 70 000 visits, which take the database some tens of milliseconds."""

_O, _P = OccasionRecord, Participant

# Since when a participant is asked no more: by a withdrawal from follow-up or from use, whichever came first.
ASKED_UNTIL = case(
    (_P.use_withdrawn_at.is_(None), _P.withdrawn_at),
    (_P.withdrawn_at.is_(None), _P.use_withdrawn_at),
    (_P.use_withdrawn_at < _P.withdrawn_at, _P.use_withdrawn_at),
    else_=_P.withdrawn_at,
)
# Whether that never happened: two plain columns, because the database cannot guess how often a CASE is empty.
STILL_ASKED = and_(_P.withdrawn_at.is_(None), _P.use_withdrawn_at.is_(None))


@dataclass(frozen=True, slots=True)
class Row:
    """So many visits of one site and key in one state, with the reason for those that were excused."""

    site_id: int
    visit_key: str
    state: State
    reason: str
    visits: int
    available: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many people there are, and how many of them have left the follow-up."""

    people: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a study, or of some of its sites, as they were at ``counted_at``."""

    enrolled: Enrolled
    rows: tuple[Row, ...]
    counted_at: datetime


def of_study(session: Session, study_id: int, site_ids: Sequence[int] | None, at: datetime) -> Tally:
    """The counts to show; two statements, three for a large study that no job has counted yet."""
    enrolled = _enrolled(session, study_id, site_ids)
    if enrolled.people > LIVE_UP_TO:
        kept = select(VisitTally).where(VisitTally.study_id == study_id)
        if site_ids is not None:
            kept = kept.where(VisitTally.site_id.in_(site_ids))
        stored = list(session.scalars(kept))
        if stored:
            return Tally(enrolled, tuple(map(_row, stored)), min(one.counted_at for one in stored))
    return Tally(enrolled, count(session, study_id, site_ids, at), at)


def count(session: Session, study_id: int, site_ids: Sequence[int] | None, at: datetime) -> tuple[Row, ...]:
    """Count now; one statement that reads every occasion of the study once."""
    statement = _counting(study_id, at)
    if site_ids is not None:
        statement = statement.where(_P.site_id.in_(site_ids))
    return tuple(
        Row(one.site_id, one.visit_key, State(one.state), one.reason, one.visits, one.available)
        for one in session.execute(statement)
    )


def overdue_by_site(session: Session, study_id: int, at: datetime) -> dict[int, int]:
    """How many visits of a study are overdue at an instant, by site; one statement."""
    late = (_P.study_id == study_id, in_state(State.OVERDUE, at))
    rows = session.execute(
        select(_P.site_id, func.count()).join(_O, _O.participant_id == _P.id).where(*late).group_by(_P.site_id)
    )
    return dict(rows.all())


def keep(session: Session, study_id: int, rows: Iterable[Row], at: datetime) -> None:
    """Keep what was counted at ``at`` for whoever asks, in the place of what was kept before."""
    session.execute(delete(VisitTally).where(VisitTally.study_id == study_id))
    kept = [
        {
            "study_id": study_id,
            "site_id": row.site_id,
            "visit_key": row.visit_key,
            "state": row.state.value,
            "reason": row.reason,
            "visits": row.visits,
            "available": row.available,
            "counted_at": at,
        }
        for row in rows
    ]
    if kept:
        session.execute(insert(VisitTally), kept)


def large_studies(session: Session) -> list[int]:
    """The studies that are too large to be counted when somebody asks."""
    people = select(_P.study_id).group_by(_P.study_id).having(func.count() > LIVE_UP_TO)
    return list(session.scalars(people))


def in_state(state: State, at: datetime) -> ColumnElement[bool]:
    """Whether a stored occasion is in a state, by the same hints; written so that the database can use its indexes."""
    waiting = and_(_O.submitted_at.is_(None), _O.excused_at.is_(None))
    unsettled = and_(waiting, _O.declined_at.is_(None))
    asked = and_(unsettled, _O.applies)
    left = and_(~STILL_ASKED, _O.closes_at > ASKED_UNTIL)
    open_still = and_(asked, STILL_ASKED, _O.closes_at > at)
    answered = func.coalesce(_O.answered_at, _O.submitted_at)
    conditions = {
        State.SUBMITTED: and_(_O.submitted_at.is_not(None), or_(_O.due_at.is_(None), answered < _O.due_at)),
        State.SUBMITTED_LATE: answered >= _O.due_at,
        State.EXCUSED: _O.excused_at.is_not(None),
        State.DECLINED: and_(waiting, _O.declined_at.is_not(None)),
        State.NOT_APPLICABLE: and_(unsettled, not_(_O.applies)),
        State.OPEN: and_(open_still, _O.due_at > at, _O.started_at.is_(None)),
        State.STARTED: and_(open_still, _O.due_at > at, _O.started_at.is_not(None)),
        State.OVERDUE: and_(open_still, _O.due_at <= at),
        State.EXPIRED: and_(asked, _O.closes_at <= at, or_(STILL_ASKED, _O.closes_at <= ASKED_UNTIL)),
        State.WITHDRAWN: and_(asked, left),
    }
    return conditions[state]


STORED_STATES = (
    State.OPEN,
    State.STARTED,
    State.OVERDUE,
    State.SUBMITTED,
    State.SUBMITTED_LATE,
    State.EXCUSED,
    State.DECLINED,
    State.EXPIRED,
    State.NOT_APPLICABLE,
    State.WITHDRAWN,
)
"""The states that a stored occasion can be in: whatever was made available or recorded."""


def _counting(study_id: int, at: datetime) -> Select[int, str, str, str, int, int]:
    """One row a site, visit, state and reason. Of what happened, what was done comes before what the calendar says."""
    state = case(
        *((in_state(one, at), one.value) for one in STORED_STATES if one is not State.OPEN), else_=State.OPEN.value
    )
    reason = func.coalesce(_O.excused_reason, "")
    available = case((or_(_O.made_available_at.is_not(None), _O.submitted_at.is_not(None)), 1), else_=0)
    return (
        select(
            _P.site_id,
            _O.visit_key,
            state.label("state"),
            reason.label("reason"),
            func.count().label("visits"),
            cast(func.sum(available), Integer).label("available"),
        )
        .join(_P, _P.id == _O.participant_id)
        .where(_P.study_id == study_id)
        .group_by(_P.site_id, _O.visit_key, state, reason)
    )


def _enrolled(session: Session, study_id: int, site_ids: Sequence[int] | None) -> Enrolled:
    statement = select(func.count(), func.count(ASKED_UNTIL)).where(_P.study_id == study_id)
    if site_ids is not None:
        statement = statement.where(_P.site_id.in_(site_ids))
    people, withdrawn = session.execute(statement).one()
    return Enrolled(people, withdrawn)


def _row(stored: VisitTally) -> Row:
    return Row(stored.site_id, stored.visit_key, State(stored.state), stored.reason, stored.visits, stored.available)


def narrowed(tally: Tally, site_id: int | None, visit_key: str | None) -> Iterable[Row]:
    """The rows of one site and one visit; None: of all."""
    return (
        row
        for row in tally.rows
        if (site_id is None or row.site_id == site_id) and (visit_key is None or row.visit_key == visit_key)
    )
