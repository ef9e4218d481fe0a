"""One try to send a message, from its beginning to what became of it. Each step is one conditional UPDATE."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.db import UtcDateTime, table
from app.notices.models import ContactTask, Notice
from app.notices.outbox import ATTEMPTING, DUE, FAILED, LEASE, LEASED, SENT, SKIPPED, UNKNOWN
from app.participants import limits
from app.participants.models import OccasionRecord, Participant, ParticipantEvent

FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=1)

_NOTICE, _OCCASION = table(Notice), table(OccasionRecord)
_PARTICIPANT, _EVENT = table(Participant), table(ParticipantEvent)
_ACCOUNT, _SELF = table(Account), table(Participant).alias()
_IS_OVER = (
    _OCCASION.c.submitted_at.is_not(None)
    | _OCCASION.c.excused_at.is_not(None)
    | _OCCASION.c.declined_at.is_not(None)
    | _PARTICIPANT.c.withdrawn_at.is_not(None)
    | limits.IS_SILENT
    | (_NOTICE.c.account_pseudonym.is_not(None) & _ACCOUNT.c.study_news.is_not(True))
)
# Asked for every message that leaves, so built once: building a statement takes longer than running it.
_MINE = _NOTICE.c.message_id == bindparam("message")
# Whether an event was dated since: a death, perhaps. What that means for the message is found out anew.
_HAS_A_NEW_DATE = (
    exists()
    .where(_EVENT.c.participant_id == _PARTICIPANT.c.id, _EVENT.c.recorded_at > bindparam("now"))
    .correlate(_PARTICIPANT)
) | (
    exists()
    .where(
        _SELF.c.account_pseudonym == _NOTICE.c.account_pseudonym,
        _EVENT.c.participant_id == _SELF.c.id,
        _EVENT.c.recorded_at > bindparam("now"),
    )
    .correlate(_NOTICE)
)
_CHANGED = (
    select(_NOTICE.c.id, _IS_OVER)
    .outerjoin(_PARTICIPANT, _PARTICIPANT.c.id == _NOTICE.c.participant_id)
    .outerjoin(_ACCOUNT, _ACCOUNT.c.pseudonym == _NOTICE.c.account_pseudonym)
    .outerjoin(_OCCASION, _OCCASION.c.id == _NOTICE.c.occasion_id)
    .where(_MINE, _NOTICE.c.state == LEASED, _IS_OVER | _HAS_A_NEW_DATE)
)
_BEGIN = (
    update(_NOTICE)
    .where(_MINE, _NOTICE.c.state == LEASED, ~_CHANGED.exists())
    .values(
        state=ATTEMPTING,
        waits_until=bindparam("lease"),
        attempts=_NOTICE.c.attempts + 1,
        tried_at=func.coalesce(_NOTICE.c.tried_at, bindparam("now", type_=UtcDateTime)),
    )
    .returning(_NOTICE.c.id)
)
_SENT = (
    update(_NOTICE)
    .where(_MINE, _NOTICE.c.state.in_((LEASED, ATTEMPTING, UNKNOWN)))
    .values(state=SENT, sent_at=bindparam("now"), waits_until=None, problem=None)
)
_ANNOUNCED = (
    update(_OCCASION)
    .where(_OCCASION.c.id.in_(select(_NOTICE.c.occasion_id).where(_MINE)), _OCCASION.c.notified_at.is_(None))
    .values(notified_at=bindparam("now"))
)


def begin(session: Session, message_id: str, at: datetime) -> bool:
    """From now until its end this try may have left or not. False: it is not to be sent after all.

    It may have been recalled since it was claimed, or what it asks for may have been answered: that is looked at again
    here, because others ahead of it may have taken their time.
    """
    mine = {"message": message_id, "now": at}
    if session.execute(_BEGIN, mine | {"lease": at + LEASE}).all():
        return True
    # The whole message: its words are written already. What is left of it is planned anew.
    over = [notice for notice, is_over in session.execute(_CHANGED, mine) if is_over]
    session.execute(update(Notice).where(Notice.id.in_(over)).values(state=SKIPPED, waits_until=None))
    put_back(session, [message_id], at)
    return False


def put_back(session: Session, message_ids: Collection[str], at: datetime) -> None:
    """What was claimed and has not left is to be planned anew."""
    leased = (Notice.message_id.in_(message_ids), Notice.state == LEASED)
    session.execute(update(Notice).where(*leased).values(state=DUE, waits_until=at))


def sent(session: Session, message_id: str, at: datetime) -> None:
    """The other side has it, and its visits have been announced; said once, whoever says it."""
    session.execute(_SENT, {"message": message_id, "now": at})
    session.execute(_ANNOUNCED, {"message": message_id, "now": at})


def put_off(session: Session, message_id: str, problem: str, at: datetime, *, is_unclear: bool) -> bool:
    """Try again later, and later each time; after a day of that it has failed, and this is True."""
    notice = session.scalars(select(Notice).where(_is(message_id, LEASED, ATTEMPTING))).first()
    if notice is None:
        return False
    is_over = at >= (notice.tried_at or at) + GIVE_UP_AFTER
    values: dict[str, object] = {"problem": problem, "state": FAILED, "waits_until": None}
    if not is_over:
        values |= {"state": DUE, "waits_until": at + pause(notice.attempts)}
    if is_unclear:
        values["ambiguous_at"] = at
    session.execute(update(Notice).where(_is(message_id, LEASED, ATTEMPTING)).values(**values))
    return is_over


def fail(session: Session, message_id: str, problem: str) -> None:
    """It cannot be delivered."""
    gone = update(Notice).where(_is(message_id, LEASED, ATTEMPTING))
    session.execute(gone.values(state=FAILED, waits_until=None, problem=problem))


def pause(attempts: int) -> timedelta:
    """How long to wait after that many tries: five minutes, doubled each time, up to four hours."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def raise_task(session: Session, participant_id: int, channel: str, reason: str, at: datetime) -> bool:
    """Ask the site's staff for an address that works; one open task for each participant and channel is enough.

    True if there was none.
    """
    open_one = select(ContactTask.id).where(
        ContactTask.participant_id == participant_id, ContactTask.channel == channel, ContactTask.done_at.is_(None)
    )
    if session.scalar(open_one) is not None:
        return False
    session.add(ContactTask(participant_id=participant_id, channel=channel, reason=reason, raised_at=at))
    session.flush()
    return True


def _is(message_id: str, *states: str) -> ColumnElement[bool]:
    return (Notice.message_id == message_id) & Notice.state.in_(states)
