"""Messages going out: each claimed once, however many processes send, and its state written down at every step.

``leased`` (somebody is at it, until the lease ends) becomes ``sent``. ``skipped`` came too late and never goes out.
``unknown`` was claimed by a process that died, and is no longer wanted: it may have gone out or not.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app import once
from app.notices.models import Notice
from app.participants.models import OccasionRecord, Participant
from app.scheduling.elements import VisitKey
from app.scheduling.participation import OccasionKey
from app.scheduling.rules import Reminder

EMAIL = "email"
LEASED, SENT, SKIPPED, UNKNOWN = "leased", "sent", "skipped", "unknown"
LEASE = timedelta(minutes=10)
"""Far longer than a message takes to hand over, and short enough for nobody to wait after a crash."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is already taken care of for one participant.

    ``settled``: by occasion id, the steps that must not be planned again. ``leased_until``: the first instant at which
    one of them may have to be, if whoever claimed it does not come back. ``lost``: notices whose claimer did not.
    """

    settled: Mapping[int, frozenset[str]]
    leased_until: datetime | None
    lost: tuple[int, ...]

    def steps(self, record: OccasionRecord | None) -> frozenset[str]:
        """The settled steps of one occasion."""
        return frozenset() if record is None else self.settled.get(record.id, frozenset())


def of_participant(session: Session, participant: Participant, at: datetime) -> Outbox:
    """The participant's outbox at an instant; one statement."""
    notices = list(session.scalars(select(Notice).where(Notice.participant_id == participant.id)))
    leases = {notice.id: notice.leased_until for notice in notices if notice.leased_until is not None}
    lost = tuple(notice for notice, until in leases.items() if until <= at)
    settled: dict[int, frozenset[str]] = {}
    for notice in notices:
        if notice.id not in lost:
            settled[notice.occasion_id] = settled.get(notice.occasion_id, frozenset()) | {notice.step}
    return Outbox(
        MappingProxyType(settled), min((until for until in leases.values() if until > at), default=None), lost
    )


def settled(session: Session, ids: Collection[int]) -> dict[int, dict[OccasionKey, frozenset[str]]]:
    """By participant, the steps of each occasion that have been sent, skipped or claimed; one statement."""
    rows = session.execute(
        select(Notice.participant_id, OccasionRecord.visit_key, OccasionRecord.iteration, Notice.step)
        .join(OccasionRecord, OccasionRecord.id == Notice.occasion_id)
        .where(Notice.participant_id.in_(ids))
    )
    found: dict[int, dict[OccasionKey, frozenset[str]]] = {}
    for participant, visit, iteration, step in rows:
        steps = found.setdefault(participant, {})
        key = (VisitKey(visit), iteration)
        steps[key] = steps.get(key, frozenset()) | {step}
    return found


def claim(
    session: Session, participant: Participant, occasion: OccasionRecord, reminder: Reminder, at: datetime
) -> Notice | None:
    """The notice, if it is now this caller's to send; None if it is or was somebody else's.

    A notice whose lease has ended is taken over with its message id, so that a courier who has delivered it knows.
    """
    fresh = _new(participant, occasion, reminder, LEASED, at, at + LEASE)
    if once.insert(session, fresh):
        return fresh
    taken = (
        update(Notice)
        .where(*_is(occasion, reminder), Notice.state == LEASED, Notice.leased_until <= at)
        .values(leased_until=at + LEASE)
        .returning(Notice)
    )
    return session.scalar(taken)


def skip(
    session: Session, participant: Participant, occasion: OccasionRecord, reminder: Reminder, at: datetime
) -> None:
    """Write down that a step came too late; one that was claimed before stays as it is."""
    once.insert(session, _new(participant, occasion, reminder, SKIPPED, at, None))


def write_off(session: Session, lost: tuple[int, ...], at: datetime) -> None:
    """Of the notices whose claimer did not come back, those that nobody has taken over."""
    if lost:
        ended = (Notice.id.in_(lost), Notice.state == LEASED, Notice.leased_until <= at)
        session.execute(update(Notice).where(*ended).values(state=UNKNOWN, leased_until=None))


def mark_sent(session: Session, notice_id: int, at: datetime) -> None:
    """The courier has it; said once, whoever says it."""
    unsent = (Notice.id == notice_id, Notice.state.in_((LEASED, UNKNOWN)))
    session.execute(update(Notice).where(*unsent).values(state=SENT, sent_at=at, leased_until=None))


def _is(occasion: OccasionRecord, reminder: Reminder) -> tuple[ColumnElement[bool], ...]:
    return (Notice.occasion_id == occasion.id, Notice.channel == EMAIL, Notice.step == reminder.step)


def _new(
    participant: Participant,
    occasion: OccasionRecord,
    reminder: Reminder,
    state: str,
    at: datetime,
    leased_until: datetime | None,
) -> Notice:
    return Notice(
        participant_id=participant.id,
        occasion_id=occasion.id,
        channel=EMAIL,
        step=reminder.step,
        kind=reminder.kind,
        state=state,
        message_id=secrets.token_hex(16),
        created_at=at,
        leased_until=leased_until,
    )
