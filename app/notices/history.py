"""What was sent, what will be, and what is in the way: for the participant, for the team, and for whoever runs it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.errors import Refusal
from app.notices.models import ContactTask, Notice
from app.notices.outbox import DUE, FAILED, HELD, LEASED, SENT, UNKNOWN
from app.participants.models import OccasionRecord, Participant

PAGE: Final = 100
AHEAD: Final = timedelta(days=7)


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
    """The messages of a study, each list newest first; ``coming``: when the next looks at participants are."""

    coming: Sequence[tuple[str, datetime]]
    sent: Sequence[Line]
    failed: Sequence[Line]
    held: Sequence[Line]
    waiting: Sequence[Line]
    tasks: Sequence[tuple[int, str, str, str, datetime]]


def of_account(session: Session, account: str) -> Sequence[Line]:
    """What was sent to one person over all studies, newest first."""
    own = or_(Participant.account_pseudonym == account, Notice.account_pseudonym == account)
    mine = _lines().where(own, Notice.state == SENT)
    return _read(session, mine.order_by(Notice.sent_at.desc()))


def of_study(session: Session, study_id: int, site_ids: Collection[int] | None, at: datetime) -> Overview:
    """One page's worth; ``site_ids``: whose participants may be seen, None for all."""
    seen = [Participant.study_id == study_id]
    if site_ids is not None:
        seen.append(Participant.site_id.in_(site_ids))

    def lines(*states: str) -> Sequence[Line]:
        return _read(session, _lines().where(*seen, Notice.state.in_(states)).order_by(Notice.id.desc()))

    coming = select(Participant.subject_code, Participant.next_look_at).where(
        *seen, Participant.next_look_at <= at + AHEAD
    )
    tasks = (
        select(ContactTask.id, Participant.subject_code, ContactTask.channel, ContactTask.reason, ContactTask.raised_at)
        .join(Participant, Participant.id == ContactTask.participant_id)
        .where(*seen, ContactTask.done_at.is_(None))
        .order_by(ContactTask.id)
    )
    return Overview(
        coming=[
            (code, look)
            for code, look in session.execute(coming.order_by(Participant.next_look_at).limit(PAGE))
            if look
        ],
        sent=lines(SENT),
        failed=lines(FAILED, UNKNOWN),
        held=lines(HELD),
        waiting=lines(DUE, LEASED, "attempting"),
        tasks=[
            (id, code, channel, reason, raised)
            for id, code, channel, reason, raised in session.execute(tasks.limit(PAGE))
        ],
    )


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


def _read(session: Session, lines: Select[*_Row]) -> Sequence[Line]:
    return [
        Line(id, subject or "", visit or "", kind, channel, state, problem, sent or created, ambiguous is not None)
        for id, subject, visit, kind, channel, state, problem, sent, created, ambiguous in session.execute(
            lines.limit(PAGE)
        )
    ]
