"""Messages going out: each claimed once, however many processes send, and its state written down at every step.

due        is to be tried (again) once its time has come
leased     somebody has claimed it and written its words; nothing has left yet
attempting it is being handed over: if its sender dies now, nobody knows whether it went out
sent       the other side has it
failed     it cannot be delivered, or could not be for a day
held       not to be sent for now, or at all: the participant rests, or somebody of the team has recalled it
skipped    came too late, or is not wanted any more, and has never left
unknown    is not wanted any more, and may have gone out or not
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Row, bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app import once
from app.notices.causes import CAUSES
from app.notices.compose import VISIT_KINDS
from app.notices.models import Notice
from app.participants.models import OccasionRecord, Participant
from app.scheduling.elements import VisitKey
from app.scheduling.participation import OccasionKey
from app.scheduling.rules import Reminder

EMAIL = "email"
DUE, LEASED, ATTEMPTING, SENT, FAILED, HELD, SKIPPED, UNKNOWN = (
    "due",
    "leased",
    "attempting",
    "sent",
    "failed",
    "held",
    "skipped",
    "unknown",
)
STATES: Final = (DUE, LEASED, ATTEMPTING, SENT, FAILED, HELD, SKIPPED, UNKNOWN)
REPEATED: Final = {kind: cause.again for kind, cause in CAUSES.items() if cause.again is not None}
AGAIN: Final = ":again"
"""How what a notice is about ends where the message is sent once more."""
_Row = Row[int, int | None, int | None, str, datetime | None, str, str, datetime | None]
_OUTBOX = select(
    Notice.id,
    Notice.participant_id,
    Notice.occasion_id,
    Notice.step,
    Notice.waits_until,
    Notice.about,
    Notice.kind,
    Notice.sent_at,
).where(Notice.participant_id.in_(bindparam("people", expanding=True)))
LEASE = timedelta(minutes=10)
"""Far longer than a message takes to hand over, and short enough for nobody to wait after a crash."""


Place = tuple[int | None, str]
"""Where a notice stands: the id of its occasion, and the step of the ladder."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that is due now."""

    participant: Participant
    occasion: OccasionRecord
    reminder: Reminder
    channel: str = EMAIL

    @property
    def place(self) -> Place:
        """Where its notice stands."""
        return self.occasion.id, self.reminder.step


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is already taken care of for one participant.

    ``settled``: by occasion id, the steps that must not be planned again. ``wakes_at``: the first instant at which one
    of them may have to be. ``waking``: the ids of those for which that instant has come, by occasion id and step.
    ``others`` are those of no ladder, such as receipts and news: by what they are about, those whose time has come by
    their id, and None for all that were made before. ``again``: what was sent so long ago that it is sent once more.
    """

    settled: Mapping[int, frozenset[str]]
    wakes_at: datetime | None
    waking: Mapping[Place, int]
    others: Mapping[str, int | None]
    again: frozenset[str] = frozenset()

    def steps(self, record: OccasionRecord | None) -> frozenset[str]:
        """The settled steps of one occasion."""
        return frozenset() if record is None else self.settled.get(record.id, frozenset())


def about_visit(record: OccasionRecord) -> str:
    """What a notice about a visit is about."""
    return f"visit:{record.id}"


def new_message_id() -> str:
    """A name for one message: 128 random bits."""
    return secrets.token_hex(16)


def of_participants(session: Session, ids: Collection[int], at: datetime) -> dict[int, Outbox]:
    """The outbox of each participant at an instant; one statement, however many there are."""
    rows: dict[int | None, list[_Row]] = {one: [] for one in ids}
    for row in session.execute(_OUTBOX, {"people": list(ids)}):
        rows[row.participant_id].append(row)
    return {one: _outbox(rows[one], at) for one in ids}


def _outbox(rows: Sequence[_Row], at: datetime) -> Outbox:
    settled: dict[int, frozenset[str]] = {}
    waking: dict[Place, int] = {}
    others: dict[str, int | None] = {}
    waits = []
    repeats = _repeats(rows)
    for row in rows:
        is_due = row.waits_until is not None and row.waits_until <= at
        is_other = row.kind not in VISIT_KINDS
        if is_other:
            others[row.about] = row.id if is_due else None
        elif is_due:
            waking[row.occasion_id, row.step] = row.id
            continue
        if row.waits_until is not None:
            waits.append(row.waits_until)
        if row.occasion_id is not None:
            settled[row.occasion_id] = settled.get(row.occasion_id, frozenset()) | {row.step}
    waits += [moment for moment in repeats.values() if moment > at]
    return Outbox(
        MappingProxyType(settled),
        min(waits, default=None),
        MappingProxyType(waking),
        MappingProxyType(others),
        frozenset(about for about, moment in repeats.items() if moment <= at),
    )


def _repeats(rows: Sequence[_Row]) -> dict[str, datetime]:
    """When what was sent is to be sent once more, where that has not been made yet."""
    sent = [row for row in rows if row.kind in REPEATED and row.sent_at is not None]
    made = {row.about for row in rows} if sent else set()
    return {
        f"{row.about}{AGAIN}": row.sent_at + REPEATED[row.kind]
        for row in sent
        if row.sent_at is not None and not row.about.endswith(AGAIN) and f"{row.about}{AGAIN}" not in made
    }


def settled(session: Session, ids: Collection[int]) -> dict[int, dict[OccasionKey, frozenset[str]]]:
    """By participant, the steps of each occasion that have been sent, skipped or claimed; one statement."""
    rows = session.execute(
        select(OccasionRecord.participant_id, OccasionRecord.visit_key, OccasionRecord.iteration, Notice.step)
        .join(OccasionRecord, OccasionRecord.id == Notice.occasion_id)
        .where(Notice.participant_id.in_(ids))
    )
    found: dict[int, dict[OccasionKey, frozenset[str]]] = {}
    for participant, visit, iteration, step in rows:
        steps = found.setdefault(participant, {})
        key = (VisitKey(visit), iteration)
        steps[key] = steps.get(key, frozenset()) | {step}
    return found


def claim(session: Session, wanted: Sequence[Wanted], waking: Mapping[Place, int], at: datetime) -> dict[Place, Notice]:
    """The notices that are now this caller's to send, by their places; the others are or were somebody else's.

    One whose time has come (a lease that ended, a try put off, a rest that is over) is taken over with its message id,
    whatever channel it was begun on. Two statements at most, however many are wanted.
    """
    again = [waking[one.place] for one in wanted if one.place in waking]
    found: list[Notice] = []
    if again:
        values = {"state": LEASED, "waits_until": at + LEASE, "ambiguous_at": ambiguous(at)}
        ended = (Notice.id.in_(again), Notice.waits_until <= at)
        found += session.scalars(update(Notice).where(*ended).values(**values).returning(Notice))
    found += once.insert_all(session, [_new(one, LEASED, at, at + LEASE) for one in wanted if one.place not in waking])
    return {(notice.occasion_id, notice.step): notice for notice in found}


def claim_other(session: Session, participant_id: int, kind: str, about: str, at: datetime) -> Notice | None:
    """The notice of no ladder about one thing, such as a receipt, if it is now this caller's to send; None otherwise.

    It is made if there is none yet, and taken over, with its message id, if its time has come.
    """
    mine = (Notice.participant_id == participant_id, Notice.about == about, Notice.step == kind)
    taken = (
        update(Notice)
        .where(*mine, Notice.waits_until <= at)
        .values(state=LEASED, waits_until=at + LEASE, ambiguous_at=ambiguous(at))
        .returning(Notice)
    )
    notice = session.scalar(taken)
    if notice is not None:
        return notice
    fresh = Notice(participant_id=participant_id, about=about, channel=EMAIL, step=kind, kind=kind, state=LEASED)
    fresh.message_id, fresh.created_at, fresh.waits_until = new_message_id(), at, at + LEASE
    return fresh if once.insert(session, fresh) else None


def make_due(session: Session, participant_ids: Sequence[int], kind: str, about: str, at: datetime) -> None:
    """A notice about one thing for each of many people, to be looked at like any other."""
    everybody = {"channel": EMAIL, "step": kind, "kind": kind, "state": DUE, "created_at": at, "waits_until": at}
    rows = [
        {**everybody, "participant_id": one, "about": about, "message_id": new_message_id()} for one in participant_ids
    ]
    if rows:
        session.execute(insert(Notice), rows)
        look = Participant.next_look_at
        late = (Participant.id.in_(participant_ids), or_(look.is_(None), look > at))
        session.execute(update(Participant).where(*late).values(next_look_at=at))


def waiting(session: Session, kinds: Collection[str], at: datetime) -> int:
    """How many notices of some kinds wait to be tried for the first time or again, or only for the morning."""
    is_due_with_others = or_(Notice.waits_until <= at, Notice.problem == "quiet-hours")
    is_waiting = (Notice.waits_until <= at + timedelta(days=1), is_due_with_others, Notice.kind.in_(kinds))
    return session.scalar(select(func.count()).where(*is_waiting)) or 0


def hold(session: Session, notice: Notice, reason: str, until: datetime | None) -> None:
    """Do not send it before that instant; None: not unless somebody says so."""
    notice.state, notice.problem, notice.waits_until = HELD, reason, until
    session.flush()


def skip(session: Session, late: Sequence[Wanted], at: datetime) -> None:
    """Write down that steps came too late; one that was claimed before stays as it is."""
    once.insert_all(session, [_new(one, SKIPPED, at, None) for one in late])


def settle(session: Session, participant_id: int, kind: str) -> None:
    """What a participant's messages of a kind ask for has been done: those that have not left are not needed any more.

    Also one that is claimed already: its sender finds out when it is about to begin.
    """
    mine = (Notice.participant_id == participant_id, Notice.kind == kind, Notice.state.in_((DUE, LEASED, HELD)))
    session.execute(update(Notice).where(*mine).values(state=SKIPPED, waits_until=None))


def settle_about(session: Session, about: Collection[str]) -> None:
    """The same for whatever tells of some things, to whomever: they are not there to be told of any more."""
    mine = (Notice.about.in_(about), Notice.state.in_((DUE, LEASED, HELD)))
    session.execute(update(Notice).where(*mine).values(state=SKIPPED, waits_until=None))


def drop(session: Session, notice: Notice, at: datetime) -> None:
    """It is not wanted any more."""
    write_off(session, [notice.id], at + LEASE)
    session.refresh(notice)


def write_off(session: Session, waking: Collection[int], at: datetime) -> None:
    """Of the notices whose time had come, those that nobody has taken over: they are not wanted any more."""
    if waking:
        ended = (Notice.id.in_(waking), Notice.waits_until <= at)
        stands = case((_may_have_left(), UNKNOWN), else_=SKIPPED)
        session.execute(update(Notice).where(*ended).values(state=stands, waits_until=None, ambiguous_at=ambiguous(at)))


def _may_have_left() -> ColumnElement[bool]:
    return (Notice.state == ATTEMPTING) | Notice.ambiguous_at.is_not(None)


def ambiguous(at: datetime) -> ColumnElement[datetime | None]:
    """Somebody died while handing it over: written down when it is found out."""
    return case((Notice.state == ATTEMPTING, at), else_=Notice.ambiguous_at)


def _new(wanted: Wanted, state: str, at: datetime, waits_until: datetime | None) -> Notice:
    return Notice(
        participant_id=wanted.participant.id,
        occasion_id=wanted.occasion.id,
        about=about_visit(wanted.occasion),
        channel=wanted.channel,
        step=wanted.reminder.step,
        kind=wanted.reminder.kind,
        state=state,
        message_id=new_message_id(),
        created_at=at,
        waits_until=waits_until,
    )
