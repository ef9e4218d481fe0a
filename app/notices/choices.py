"""How a participant wants to be written to, within the limits of the protocol."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, cast

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app import once
from app.accounts.models import Account
from app.errors import Refusal
from app.notices.models import MessageChoices, Notice
from app.notices.outbox import SENT
from app.participants.models import Participant
from app.scheduling.ladder import allowed
from app.scheduling.local_time import Stay, instant_among, zone_at
from app.scheduling.rules import Sending
from app.scheduling.timeline import Occasion

CHANNELS: Final = ("email", "sms")
REASONS: Final = ("treatment", "hospital", "away", "tired", "other")
LONGEST_REST: Final = timedelta(days=31)
A_WEEK: Final = timedelta(days=7)
WEEKLY_CAP: Final = 10
"""Messages to one person in seven days, over all studies: more than any single protocol should need."""
_CHOICES = select(MessageChoices).where(MessageChoices.account_pseudonym.in_(bindparam("accounts", expanding=True)))
_LATELY = (Notice.state == SENT, Notice.sent_at > bindparam("since"), Notice.kind != "receipt")
_RECENT = (
    select(Participant.account_pseudonym, func.min(Notice.sent_at).label("sent_at"))
    .join(Participant, Participant.id == Notice.participant_id)
    .where(Participant.account_pseudonym.in_(bindparam("accounts", expanding=True)), *_LATELY)
    .group_by(Participant.account_pseudonym, Notice.message_id)
    .union_all(
        select(Notice.account_pseudonym, func.min(Notice.sent_at))
        .where(Notice.account_pseudonym.in_(bindparam("accounts", expanding=True)), *_LATELY)
        .group_by(Notice.account_pseudonym, Notice.message_id)
    )
    .order_by("sent_at")
)
BY_DAY: Final = Sending(quiet_from=20, quiet_until=8)
"""When news may come: nobody waits for them."""
WAITED: Final = ("preferred-hour", "quiet-hours")
"""The problems of what has waited for its hour before."""
LEFT_TO_ANSWER: Final = timedelta(hours=6)
"""A preferred hour that leaves less than that before the visit closes is not waited for."""


def of_accounts(session: Session, accounts: Collection[str]) -> dict[str, MessageChoices]:
    """What each account has chosen; an unsaved row without any choice where it never did."""
    kept = {row.account_pseudonym: row for row in session.scalars(_CHOICES, {"accounts": list(accounts)})}
    return {account: kept.get(account) or MessageChoices(account_pseudonym=account) for account in accounts}


def of_account(session: Session, account: str) -> MessageChoices:
    """What the account has chosen; an unsaved row without any choice if it never did."""
    return session.get(MessageChoices, account) or MessageChoices(account_pseudonym=account)


def _kept(session: Session, account: str) -> MessageChoices:
    row = session.get(MessageChoices, account)
    if row is None:
        row = MessageChoices(account_pseudonym=account)
        if not once.insert(session, row):
            return session.get_one(MessageChoices, account)
    return row


def prefer(session: Session, account: str, channel: str | None, hour: int | None) -> None:
    """Keep the channel and the hour of the day; None: as the study says. Refusal("no-such-choice")."""
    if channel not in (None, *CHANNELS) or not (hour is None or 0 <= hour <= 23):
        raise Refusal("no-such-choice")
    row = _kept(session, account)
    row.channel, row.hour = channel, hour


def want_receipts(session: Session, account: str, wanted: bool | None) -> None:
    """Whether a message says that answers have arrived; None: as the study says."""
    _kept(session, account).receipts = wanted


def rest(session: Session, account: str, until: datetime, reason: str | None, at: datetime) -> None:
    """No messages until then, at most LONGEST_REST from now. Refusal("no-such-choice")."""
    if not at < until <= at + LONGEST_REST or reason not in (None, *REASONS):
        raise Refusal("no-such-choice")
    row = _kept(session, account)
    row.rests_until, row.rest_reason = until, reason


def end_rest(session: Session, account: str, at: datetime) -> None:
    """Messages again from now on."""
    row = _kept(session, account)
    row.rests_until = row.rest_reason = None
    _look_now(session, account, at)


def stop(session: Session, account: str, at: datetime) -> bool:
    """No messages at all any more, until the person says otherwise; False if it was so before."""
    row = _kept(session, account)
    if row.stopped_at is not None:
        return False
    row.stopped_at = at
    return True


def start_again(session: Session, account: str, at: datetime) -> None:
    """Messages again."""
    _kept(session, account).stopped_at = None
    _look_now(session, account, at)


def held_until(
    choices: MessageChoices, recent: Sequence[datetime], occasion: Occasion, at: datetime
) -> tuple[str, datetime | None] | None:
    """Why a message that is due should not go out now, and until when; None: it may go. ``recent``: of the account."""
    if choices.stopped_at is not None:
        return "stopped", None
    if choices.rests_until is not None and choices.rests_until > at:
        return "resting", choices.rests_until
    hour = _waits_for_its_hour(choices.hour, occasion.stays, occasion.visit.sending, at)
    if hour is not None and hour + LEFT_TO_ANSWER <= occasion.closes:
        return "preferred-hour", hour
    return _capped(recent)


def news_held_until(
    choices: MessageChoices, recent: Sequence[datetime], stays: Sequence[Stay], is_kept: bool, at: datetime
) -> tuple[str, datetime | None] | None:
    """The same for what hangs on no visit: it can wait for the day, however quiet the protocol's own hours are.

    ``is_kept``: it has waited for its hour before, and goes on as soon as it is not quiet.
    """
    if choices.stopped_at is not None:
        return "stopped", None
    if choices.rests_until is not None and choices.rests_until > at:
        return "resting", choices.rests_until
    hour = None if is_kept else _waits_for_its_hour(choices.hour, stays, BY_DAY, at)
    if hour is not None:
        return "preferred-hour", hour
    local = at.astimezone(zone_at(at, stays))
    day, first = allowed(local.date(), local.hour, BY_DAY)
    if (day, first) != (local.date(), local.hour):
        return "quiet-hours", instant_among(day, first, stays)
    return _capped(recent)


def is_silent(choices: MessageChoices, at: datetime) -> bool:
    """Whether the person wants no message at this instant, not even one that answers to what was just done."""
    return choices.stopped_at is not None or (choices.rests_until is not None and choices.rests_until > at)


def wants_receipts(choices: MessageChoices, says_study: bool) -> bool:
    """Whether a message should say that answers have arrived: the person's own word, else the study's."""
    return says_study if choices.receipts is None else choices.receipts


def _waits_for_its_hour(wanted: int | None, stays: Sequence[Stay], sending: Sending, at: datetime) -> datetime | None:
    """The next time it is the person's preferred hour where the person lives, quiet hours and weekends kept."""
    if wanted is None:
        return None
    local = at.astimezone(zone_at(at, stays))
    if local.hour == wanted:
        return None
    day = date(local.year, local.month, local.day) + timedelta(days=local.hour > wanted)
    day, hour = allowed(day, wanted, sending)
    moment = instant_among(day, hour, stays)
    # Quiet hours may have pushed the preferred hour to this very one.
    is_now = moment <= at or (hour != wanted and hour == local.hour)
    return None if is_now else moment


def _capped(recent: Sequence[datetime]) -> tuple[str, datetime] | None:
    return ("weekly-cap", recent[-WEEKLY_CAP] + A_WEEK) if len(recent) >= WEEKLY_CAP else None


def recent(session: Session, accounts: Collection[str], at: datetime) -> dict[str, list[datetime]]:
    """When each message of the last seven days was sent to each account, over all its studies, oldest first.

    Receipts do not count: whoever wants them would otherwise get fewer invitations.
    """
    found: dict[str, list[datetime]] = {account: [] for account in accounts}
    for account, moment in session.execute(_RECENT, {"accounts": list(accounts), "since": at - A_WEEK}):
        found[account].append(cast(datetime, moment))
    return found


def _look_now(session: Session, account: str, at: datetime) -> None:
    """What was held waits no longer; what it is worth is decided when it is looked at."""
    session.get_one(Account, account).next_look_at = at
    own = [Notice.account_pseudonym == account]
    for participant in session.scalars(select(Participant).where(Participant.account_pseudonym == account)):
        participant.next_look_at = at
        own.append(Notice.participant_id == participant.id)
    held = (or_(*own), Notice.state == "held", Notice.problem.in_(("stopped", "resting")))
    for notice in session.scalars(select(Notice).where(*held)):
        notice.waits_until = at
