"""Messages to professionals going out, by the same states and keys as those to participants: each claimed once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.orm import Session

from app import once
from app.db import UtcDateTime
from app.notices.models import StaffNotice
from app.notices.outbox import ATTEMPTING, DUE, FAILED, HELD, LEASE, LEASED, SENT, SKIPPED, UNKNOWN, new_message_id
from app.notices.tries import GIVE_UP_AFTER, pause

ALERT: Final = "staff-alert"
DIGEST: Final = "staff-digest"
CODE: Final = "staff-code"
TEST: Final = "staff-test"
CHANGED: Final = "staff-changed"
ADDRESS_CHANGED: Final = "staff-address-changed"
NO_MAIL: Final = "demonstration"
"""The problem of what a demonstration without a mail server would have sent."""
BATCH: Final = 100


def post(
    session: Session,
    staff_id: int,
    kind: str,
    about: str,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    study_id: int | None = None,
) -> bool:
    """Keep a message for a professional to be sent at once; False if there is one about that already."""
    fresh = StaffNotice(staff_id=staff_id, study_id=study_id, kind=kind, about=f"{kind}:{about}", facts=facts or {})
    fresh.state, fresh.message_id, fresh.created_at, fresh.waits_until = DUE, new_message_id(), at, at
    return once.insert(session, fresh)


def due(session: Session, at: datetime) -> list[tuple[int, str]]:
    """Whose messages of which kind are to be looked at, the longest waiting first, at most BATCH of them."""
    first = func.min(StaffNotice.waits_until)
    asked = select(StaffNotice.staff_id, StaffNotice.kind).where(StaffNotice.waits_until <= at)
    rows = session.execute(asked.group_by(StaffNotice.staff_id, StaffNotice.kind).order_by(first).limit(BATCH))
    return [(row.staff_id, row.kind) for row in rows]


def claim(session: Session, staff_id: int, kind: str, at: datetime) -> Sequence[StaffNotice]:
    """What is due to one professional of one kind and now this caller's to send; nothing if somebody was faster."""
    mine = (StaffNotice.staff_id == staff_id, StaffNotice.kind == kind, StaffNotice.waits_until <= at)
    ambiguous = case((StaffNotice.state == ATTEMPTING, at), else_=StaffNotice.ambiguous_at)
    taken = update(StaffNotice).where(*mine).values(state=LEASED, waits_until=at + LEASE, ambiguous_at=ambiguous)
    return sorted(session.scalars(taken.returning(StaffNotice)), key=lambda notice: notice.id)


def last_left(session: Session, staff_id: int, kind: str, at: datetime) -> datetime | None:
    """When the last message of a kind left for a professional: now, if somebody is sending one."""
    is_leaving = StaffNotice.state.in_((LEASED, ATTEMPTING)) & (StaffNotice.waits_until > at)
    left_at = case((is_leaving, literal(at, UtcDateTime)), else_=StaffNotice.sent_at)
    mine = (StaffNotice.staff_id == staff_id, StaffNotice.kind == kind)
    last: datetime | None = session.scalar(select(func.max(left_at)).where(*mine))
    return last


def wait(session: Session, notices: Sequence[StaffNotice], problem: str, until: datetime) -> None:
    """Not before that instant."""
    for notice in notices:
        notice.state, notice.problem, notice.waits_until = HELD, problem, until
    session.flush()


def drop(session: Session, notices: Sequence[StaffNotice]) -> None:
    """They are not wanted any more; whether one may have left stays on record."""
    for notice in notices:
        notice.state = SKIPPED if notice.ambiguous_at is None else UNKNOWN
        notice.waits_until = None
    session.flush()


def begin(session: Session, message_id: str, at: datetime) -> bool:
    """From now until its end this try may have left or not. False: somebody else has it by now."""
    begun = (
        update(StaffNotice)
        .where(_is(message_id, LEASED))
        .values(
            state=ATTEMPTING,
            waits_until=at + LEASE,
            attempts=StaffNotice.attempts + 1,
            tried_at=func.coalesce(StaffNotice.tried_at, at),
        )
    )
    return bool(session.scalars(begun.returning(StaffNotice.id)).all())


def sent(session: Session, message_id: str, at: datetime, problem: str | None = None) -> Sequence[StaffNotice]:
    """The other side has it, or would have had it but for ``problem``; the notices of that message, once."""
    done = update(StaffNotice).where(_is(message_id, LEASED, ATTEMPTING))
    done = done.values(state=SENT, sent_at=at, waits_until=None, problem=problem)
    return session.scalars(done.returning(StaffNotice)).all()


def put_off(session: Session, message_id: str, problem: str, at: datetime, *, is_unclear: bool) -> None:
    """Try again later, and later each time; after a day of that it has failed."""
    notice = session.scalars(select(StaffNotice).where(_is(message_id, LEASED, ATTEMPTING))).first()
    if notice is None:
        return
    values: dict[str, object] = {"problem": problem, "state": FAILED, "waits_until": None}
    if at < (notice.tried_at or at) + GIVE_UP_AFTER:
        values |= {"state": DUE, "waits_until": at + pause(notice.attempts)}
    if is_unclear:
        values["ambiguous_at"] = at
    session.execute(update(StaffNotice).where(_is(message_id, LEASED, ATTEMPTING)).values(**values))


def fail(session: Session, message_id: str, problem: str) -> Sequence[StaffNotice]:
    """It cannot be delivered; the notices of that message."""
    gone = update(StaffNotice).where(_is(message_id, LEASED, ATTEMPTING))
    gone = gone.values(state=FAILED, waits_until=None, problem=problem)
    return session.scalars(gone.returning(StaffNotice)).all()


def drop_all(session: Session, staff_id: int) -> None:
    """Nothing more goes to that professional; what may have left already is known as that."""
    waiting = (StaffNotice.staff_id == staff_id, StaffNotice.waits_until.is_not(None))
    drop(session, session.scalars(select(StaffNotice).where(*waiting)).all())


def of_staff(session: Session, staff_id: int, limit: int = 30) -> Sequence[StaffNotice]:
    """The last messages to one professional, newest first."""
    mine = select(StaffNotice).where(StaffNotice.staff_id == staff_id)
    return session.scalars(mine.order_by(StaffNotice.id.desc()).limit(limit)).all()


def asked_lately(session: Session, staff_id: int, kind: str, since: datetime) -> int:
    """How many messages of a kind were asked for since then."""
    mine = (StaffNotice.staff_id == staff_id, StaffNotice.kind == kind, StaffNotice.created_at > since)
    return session.scalar(select(func.count()).where(*mine)) or 0


def unsent_tests(session: Session, study_id: int, staff_id: int) -> Sequence[StaffNotice]:
    """The test messages of a study that are on their way to a professional, or could not be delivered, the last ones
    last.
    """
    mine = (StaffNotice.study_id == study_id, StaffNotice.staff_id == staff_id, StaffNotice.kind == TEST)
    return session.scalars(select(StaffNotice).where(*mine, StaffNotice.state != SENT).order_by(StaffNotice.id)).all()


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many messages there are of each kind in each state, in the whole database."""
    asked = select(StaffNotice.kind, StaffNotice.state, func.count()).group_by(StaffNotice.kind, StaffNotice.state)
    return {(kind, state): number for kind, state, number in session.execute(asked)}


def in_doubt(session: Session) -> int:
    """How many of which nobody knows whether a try went out."""
    return session.scalar(select(func.count()).where(StaffNotice.ambiguous_at.is_not(None))) or 0


def oldest_due(session: Session) -> datetime | None:
    """The first instant at which one has to be tried, or should have been; None where none waits."""
    return session.scalar(select(func.min(StaffNotice.waits_until)))


def _is(message_id: str, *states: str) -> ColumnElement[bool]:
    return (StaffNotice.message_id == message_id) & StaffNotice.state.in_(states)
