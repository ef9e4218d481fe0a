"""What was sent, what will be, and what is in the way: for the participant, for the team, and for whoever runs it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.errors import Refusal
from app.notices.models import ContactTask, Notice
from app.notices.outbox import ATTEMPTING, DUE, FAILED, HELD, LEASED, SENT, UNKNOWN
from app.participants.models import OccasionRecord, Participant

PAGE: Final = 100
LAST: Final = 20
"""How many of those that were sent stand on the page with everything."""
AHEAD: Final = timedelta(days=7)


FAILING, HOLDING, WAITING = "failing", "holding", "waiting"
_UNSENT: Final = {
    FAILED: FAILING,
    UNKNOWN: FAILING,
    HELD: HOLDING,
    DUE: WAITING,
    LEASED: WAITING,
    ATTEMPTING: WAITING,
}
"""The list of the team's page on which each state stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as a list shows it."""

    id: int
    subject: str
    visit: str
    kind: str
    channel: str
    state: str
    problem: str | None
    at: datetime
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The messages of a study, each list newest first, at most PAGE long; ``counts``: how long each would be.

    Nothing counts those that were sent: there are as many as a study has sent in its life. ``oldest_due``: since when
    the longest waiting participant should have been looked at, if one waits.
    """

    sent: Sequence[Line]
    unsent: Mapping[str, Sequence[Line]]
    counts: Mapping[str, int]
    oldest_due: datetime | None
    tasks: Sequence[tuple[int, str, str, str, datetime]]


def of_account(session: Session, account: str) -> Sequence[Line]:
    """What was sent to one person over all studies, newest first."""
    own = or_(Participant.account_pseudonym == account, Notice.account_pseudonym == account)
    mine = _lines().where(own, Notice.state == SENT)
    return _read(session, mine.order_by(Notice.sent_at.desc()))


def of_study(session: Session, study_id: int, site_ids: Collection[int] | None, at: datetime) -> Overview:
    """One page's worth; ``site_ids``: whose participants may be seen, None for all. Four statements."""
    seen = _seen(study_id, site_ids)
    oldest = select(func.min(Participant.next_look_at)).where(*seen, Participant.next_look_at <= at)
    tasks = (
        select(ContactTask.id, Participant.subject_code, ContactTask.channel, ContactTask.reason, ContactTask.raised_at)
        .join(Participant, Participant.id == ContactTask.participant_id)
        .where(*seen, ContactTask.done_at.is_(None))
        .order_by(ContactTask.id)
    )
    unsent, counts = _unsent(session, seen)
    return Overview(
        sent=sent(session, study_id, site_ids, limit=LAST),
        unsent=unsent,
        counts=counts,
        oldest_due=session.scalar(oldest),
        tasks=[
            (id, code, channel, reason, raised)
            for id, code, channel, reason, raised in session.execute(tasks.limit(PAGE))
        ],
    )


def sent(
    session: Session,
    study_id: int,
    site_ids: Collection[int] | None,
    *,
    subject: str | None = None,
    kind: str | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Sequence[Line]:
    """What was sent, newest first: of a subject code, of a kind, made before the notice of that number; or all."""
    asked = _lines().where(*_seen(study_id, site_ids), Notice.state == SENT)
    wanted = ((Participant.subject_code, subject), (Notice.kind, kind))
    for column, value in wanted:
        asked = asked if value is None else asked.where(column == value)
    asked = asked if before is None else asked.where(Notice.id < before)
    return _read(session, asked.order_by(Notice.id.desc()), limit)


def next_looks(session: Session, study_id: int, site_ids: Collection[int] | None, until: datetime) -> Sequence[int]:
    """Whom the sender looks at before an instant, the nearest first, by id; at most PAGE."""
    looked_at = select(Participant.id).where(*_seen(study_id, site_ids), Participant.next_look_at < until)
    return session.scalars(looked_at.order_by(Participant.next_look_at, Participant.id).limit(PAGE)).all()


def counts(session: Session) -> dict[str, int]:
    """How many notices there are in each state, in the whole database."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return dict(rows.all())


def in_doubt(session: Session) -> int:
    """How many of which nobody knows whether a try went out."""
    return session.scalar(select(func.count()).where(Notice.ambiguous_at.is_not(None))) or 0


def oldest_due(session: Session) -> datetime | None:
    """Since when whoever waits longest should have been looked at; None where nobody waits at all."""
    hints = (Participant.next_look_at, Account.next_look_at)
    waits = [session.scalar(select(func.min(hint))) for hint in hints]
    return min((since for since in waits if since is not None), default=None)


def failures_by_site(session: Session, study_id: int, at: datetime) -> dict[int, int]:
    """How many messages of a study could not be delivered in the last days, or may not have been, by site."""
    rows = session.execute(
        select(Participant.site_id, func.count())
        .join(Notice, Notice.participant_id == Participant.id)
        .where(Participant.study_id == study_id, Notice.state.in_((FAILED, UNKNOWN)), Notice.tried_at > at - AHEAD)
        .group_by(Participant.site_id)
    )
    return dict(rows.all())


def recall(session: Session, study_id: int, site_ids: Collection[int] | None, notice_id: int) -> Notice:
    """Hold a message that has not left: nobody sends it unless it is sent again. Refusal("notice-not-waiting")."""
    return _changed(session, study_id, site_ids, notice_id, (DUE, LEASED, HELD), "recalled", None)


def send_again(
    session: Session, study_id: int, site_ids: Collection[int] | None, notice_id: int, at: datetime
) -> Notice:
    """Try a message that failed, is held or is in doubt once more, if it is still wanted. Refusal."""
    notice = _changed(session, study_id, site_ids, notice_id, (FAILED, HELD, UNKNOWN), None, at)
    notice.state, notice.tried_at, notice.attempts = DUE, None, 0
    session.get_one(Participant, notice.participant_id).next_look_at = at
    session.flush()
    return notice


def finish_task(
    session: Session, study_id: int, site_ids: Collection[int] | None, task_id: int, staff_id: int, at: datetime
) -> bool:
    """Somebody has asked the participant for an address that works."""
    asked = (
        select(ContactTask)
        .join(Participant, Participant.id == ContactTask.participant_id)
        .where(ContactTask.id == task_id, Participant.study_id == study_id, ContactTask.done_at.is_(None))
    )
    task = session.scalar(asked if site_ids is None else asked.where(Participant.site_id.in_(site_ids)))
    if task is None:
        return False
    task.done_at, task.done_by = at, staff_id
    session.flush()
    return True


def _changed(
    session: Session,
    study_id: int,
    site_ids: Collection[int] | None,
    notice_id: int,
    states: Collection[str],
    problem: str | None,
    waits_until: datetime | None,
) -> Notice:
    asked = (
        select(Notice)
        .join(Participant, Participant.id == Notice.participant_id)
        .where(Notice.id == notice_id, Participant.study_id == study_id, Notice.state.in_(states))
        .with_for_update(of=Notice)
    )
    notice = session.scalar(asked if site_ids is None else asked.where(Participant.site_id.in_(site_ids)))
    if notice is None:
        raise Refusal("notice-not-waiting")
    notice.state, notice.problem, notice.waits_until = HELD, problem, waits_until
    session.flush()
    return notice


_Row = tuple[int, str | None, str | None, str, str, str, str | None, datetime | None, datetime, datetime | None]


def _unsent(session: Session, seen: Sequence[ColumnElement[bool]]) -> tuple[dict[str, list[Line]], dict[str, int]]:
    """The lists of what has not left, and how long each is; one statement."""
    place = case(_UNSENT, value=Notice.state)
    newest = func.row_number().over(partition_by=place, order_by=Notice.id.desc()).label("newest")
    number = func.count().over(partition_by=place).label("number")
    found = _lines().where(*seen, Notice.state.in_(_UNSENT)).add_columns(newest, number).subquery()
    lists: dict[str, list[Line]] = {FAILING: [], HOLDING: [], WAITING: []}
    counts = dict.fromkeys(lists, 0)
    for row in session.execute(select(found).where(found.c.newest <= PAGE).order_by(found.c.newest)):
        lists[_UNSENT[row.state]].append(_line(row))
        counts[_UNSENT[row.state]] = row.number
    return lists, counts


def _seen(study_id: int, site_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    here = [Participant.study_id == study_id]
    return here if site_ids is None else [*here, Participant.site_id.in_(site_ids)]


def _lines() -> Select[*_Row]:
    return (
        select(
            Notice.id,
            Participant.subject_code,
            OccasionRecord.visit_key,
            Notice.kind,
            Notice.channel,
            Notice.state,
            Notice.problem,
            Notice.sent_at,
            Notice.created_at,
            Notice.ambiguous_at,
        )
        .outerjoin(Participant, Participant.id == Notice.participant_id)
        .outerjoin(OccasionRecord, OccasionRecord.id == Notice.occasion_id)
    )


def _read(session: Session, lines: Select[*_Row], limit: int = PAGE) -> Sequence[Line]:
    return [_line(row) for row in session.execute(lines.limit(limit))]


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        subject=row.subject_code or "",
        visit=row.visit_key or "",
        kind=row.kind,
        channel=row.channel,
        state=row.state,
        problem=row.problem,
        at=row.sent_at or row.created_at,
        is_ambiguous=row.ambiguous_at is not None,
    )
