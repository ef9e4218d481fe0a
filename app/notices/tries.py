"""One try to send a message, from its beginning to what became of it. Each step is one conditional UPDATE."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.notices.models import ContactTask, Notice
from app.notices.outbox import ATTEMPTING, DUE, FAILED, LEASE, LEASED, SENT, SKIPPED, UNKNOWN
from app.participants import limits
from app.participants.models import OccasionRecord, Participant

FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=1)

_IS_OVER = (
    OccasionRecord.submitted_at.is_not(None)
    | OccasionRecord.excused_at.is_not(None)
    | OccasionRecord.declined_at.is_not(None)
    | Participant.withdrawn_at.is_not(None)
    | limits.IS_SILENT
)


def begin(session: Session, message_id: str, at: datetime) -> bool:
    """From now until its end this try may have left or not. False: it is not to be sent after all.

    It may have been recalled since it was claimed, or what it asks for may have been answered: that is looked at again
    here, because others ahead of it may have taken their time.
    """
    mine = select(Notice.id).where(Notice.message_id == message_id, Notice.state == LEASED)
    over = (
        mine.join(Participant, Participant.id == Notice.participant_id)
        .join(OccasionRecord, OccasionRecord.id == Notice.occasion_id)
        .where(_IS_OVER)
    )
    if session.scalars(over).first() is not None:
        # The whole message: its words are written already. What is left of it is planned anew.
        session.execute(
            update(Notice).where(Notice.id.in_(session.scalars(over).all())).values(state=SKIPPED, waits_until=None)
        )
        session.execute(update(Notice).where(Notice.id.in_(mine)).values(state=DUE, waits_until=at))
        return False
    begun = (
        update(Notice)
        .where(Notice.message_id == message_id, Notice.state == LEASED)
        .values(
            state=ATTEMPTING,
            waits_until=at + LEASE,
            attempts=Notice.attempts + 1,
            tried_at=func.coalesce(Notice.tried_at, at),
        )
        .returning(Notice.id)
    )
    return bool(session.scalars(begun).all())


def sent(session: Session, message_id: str, at: datetime) -> None:
    """The other side has it; said once, whoever says it."""
    unsent = _is(message_id, LEASED, ATTEMPTING, UNKNOWN)
    session.execute(update(Notice).where(unsent).values(state=SENT, sent_at=at, waits_until=None, problem=None))


def put_off(session: Session, message_id: str, problem: str, at: datetime, *, is_unclear: bool) -> None:
    """Try again later, and later each time; after a day of that it has failed."""
    notice = session.scalars(select(Notice).where(_is(message_id, LEASED, ATTEMPTING))).first()
    if notice is None:
        return
    is_over = at >= (notice.tried_at or at) + GIVE_UP_AFTER
    values: dict[str, object] = {"problem": problem, "state": FAILED, "waits_until": None}
    if not is_over:
        values |= {"state": DUE, "waits_until": at + pause(notice.attempts)}
    if is_unclear:
        values["ambiguous_at"] = at
    session.execute(update(Notice).where(_is(message_id, LEASED, ATTEMPTING)).values(**values))


def fail(session: Session, message_id: str, problem: str) -> None:
    """It cannot be delivered."""
    gone = update(Notice).where(_is(message_id, LEASED, ATTEMPTING))
    session.execute(gone.values(state=FAILED, waits_until=None, problem=problem))


def pause(attempts: int) -> timedelta:
    """How long to wait after that many tries: five minutes, doubled each time, up to four hours."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def raise_task(session: Session, participant_id: int, channel: str, reason: str, at: datetime) -> None:
    """Ask the site's staff for an address that works; one open task for each participant and channel is enough."""
    open_one = select(ContactTask.id).where(
        ContactTask.participant_id == participant_id, ContactTask.channel == channel, ContactTask.done_at.is_(None)
    )
    if session.scalar(open_one) is None:
        task = ContactTask(participant_id=participant_id, channel=channel, reason=reason, raised_at=at)
        session.add(task)
        session.flush()


def _is(message_id: str, *states: str) -> ColumnElement[bool]:
    return (Notice.message_id == message_id) & Notice.state.in_(states)
