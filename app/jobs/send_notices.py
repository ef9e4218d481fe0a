"""Send the notices that are due: look where the hint says so, claim, compose, hand to the courier, mark.

The claim, the link and the words of a message are committed before the courier gets it, and "sent" is committed after.
Whoever dies in between leaves a lease: when it ends the message is taken over under its own message id, so that the
courier, who knows what it delivered, sends it no second time; and the link in it was valid from the first moment on.
"""

import traceback
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.config import Config
from app.db import Database, Databases
from app.identity import courier
from app.identity.courier import Message
from app.notices import outbox
from app.notices.compose import Facts, compose
from app.notices.models import Notice
from app.participants import agenda, links
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library
from app.scheduling import reminders
from app.scheduling.participation import Stopped
from app.scheduling.status import last_end

BATCH = 200
"""Few enough for a run to end well within a lease, even where each message takes a second."""
SOON = timedelta(minutes=1)
PAUSE = outbox.LEASE + timedelta(minutes=5)
"""How long a participant whose look failed is left alone; longer than the lease that the failure may have left."""

log = structlog.get_logger("weshare.jobs")


@dataclass(frozen=True, slots=True)
class Office:
    """What the job works with."""

    study: Database
    vault: Database
    config: Config
    library: Library


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed and composed message, and to whom it goes."""

    notice_id: int
    occasion_id: int
    participant_id: int
    pseudonym: str
    message: Message


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:
    """Look at the participants whose time has come, the longest waiting first, at most BATCH of them.

    Counts what happened: looked, sent, failed. One participant's failure stops nobody else.
    """
    if databases.study is None or databases.vault is None:
        raise RuntimeError("sending notices needs the study's database and the vault's")
    office = Office(databases.study, databases.vault, config, library)
    counts: Counter[str] = Counter()
    for participant_id in _due(office.study, at):
        counts["looked"] += 1
        try:
            counts["sent"] += _look(office, participant_id, at)
        except Exception as problem:
            counts["failed"] += 1
            log.error("notice failed", participant=participant_id, error=type(problem).__name__, where=_where(problem))
            _push_on(office.study, participant_id, at)
    return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left somebody for the next one."""
    return counts["looked"] >= BATCH


def _due(study: Database, at: datetime) -> list[int]:
    hints = select(Participant.id).where(Participant.next_look_at <= at).order_by(Participant.next_look_at)
    with study.read() as session:
        return list(session.scalars(hints.limit(BATCH)))


def _look(office: Office, participant_id: int, at: datetime) -> int:
    letters = _claim(office, participant_id, at)
    for letter in letters:
        _hand_over(office, letter, at)
        _mark(office, letter, at)
    return len(letters)


def _claim(office: Office, participant_id: int, at: datetime) -> list[Letter]:
    """In one transaction: what is due by the facts of this moment, claimed, with its links and its words."""
    with office.study.write() as session:
        participant = _locked(session, participant_id, at)
        if participant is None:
            return []
        visits = agenda.of_participants(session, [participant], at)[participant.id]
        visits = agenda.make_available(session, visits, at)
        letters = _letters(session, office, participant, visits, at)
        # Until the messages are marked, the end of the lease is when somebody else should look.
        participant.next_look_at = at + outbox.LEASE if letters else _next_look(session, participant, visits, at)
        session.commit()
        return letters


def _locked(session: Session, participant_id: int, at: datetime) -> Participant | None:
    """The participant, nobody else's for this transaction; None if another process was faster."""
    hinted = select(Participant).where(Participant.id == participant_id, Participant.next_look_at <= at)
    return session.scalar(hinted.with_for_update(skip_locked=True))


def _letters(
    session: Session, office: Office, participant: Participant, visits: list[Planned], at: datetime
) -> list[Letter]:
    taken = outbox.of_participant(session, participant, at)
    letters = []
    for visit in visits:
        if visit.record is None:
            continue
        plan = reminders.due_steps(
            visit.occasion, visit.facts, taken.steps(visit.record), visit.course.known.ends(Stopped.SENDING), at
        )
        for late in plan.skip:
            outbox.skip(session, participant, visit.record, late, at)
        notice = outbox.claim(session, participant, visit.record, plan.send, at) if plan.send else None
        if notice is not None:
            letters.append(_letter(session, office, visit, visit.record, notice, at))
    outbox.write_off(session, taken.lost, at)
    return letters


def _letter(
    session: Session, office: Office, visit: Planned, record: OccasionRecord, notice: Notice, at: datetime
) -> Letter:
    participant, occasion = visit.participant, visit.occasion
    # Whoever has begun may go on for a while after closing; the link must not cut that off.
    token = links.mint(session, record.id, at, expires_at=last_end(occasion))
    facts = Facts(
        link=f"{office.config.public_url}/l/{token}",
        account=f"{office.config.public_url}/account",
        minutes=sum(office.library.instrument(key).minutes for key in occasion.instruments),
        last_day=(occasion.closes - timedelta(microseconds=1)).astimezone(occasion.zone).date(),
    )
    chosen = session.get_one(Account, participant.account_pseudonym).language
    words = compose(notice.kind, chosen or participant.language, facts)
    message = Message(notice.message_id, words.language, words.subject, words.text)
    return Letter(notice.id, record.id, participant.id, participant.pseudonym, message)


def _hand_over(office: Office, letter: Letter, at: datetime) -> None:
    with office.vault.write() as session:
        courier.deliver(session, letter.pseudonym, letter.message, at)
        session.commit()


def _mark(office: Office, letter: Letter, at: datetime) -> None:
    with office.study.write() as session:
        # Locked, so that a fact recorded meanwhile is either seen by the new hint or sets a hint of its own after it.
        participant = session.get_one(Participant, letter.participant_id, with_for_update=True)
        outbox.mark_sent(session, letter.notice_id, at)
        record = session.get_one(OccasionRecord, letter.occasion_id)
        record.notified_at = record.notified_at or at
        session.flush()
        visits = agenda.of_participants(session, [participant], at)[participant.id]
        participant.next_look_at = _next_look(session, participant, visits, at)
        session.commit()


def _next_look(session: Session, participant: Participant, visits: list[Planned], at: datetime) -> datetime | None:
    """When this participant needs a look again, by everything that is stored now; never the same minute again."""
    if not visits:
        return None
    taken = outbox.of_participant(session, participant, at)
    look = reminders.next_look(
        [visit.occasion for visit in visits],
        replace(visits[0].course.known, facts={visit.occasion.key: visit.facts for visit in visits}),
        {visit.occasion.key: taken.steps(visit.record) for visit in visits},
        at,
    )
    moments = [moment for moment in (look, taken.leased_until) if moment is not None]
    return max(min(moments), at + SOON) if moments else None


def _push_on(study: Database, participant_id: int, at: datetime) -> None:
    waiting = (Participant.id == participant_id, Participant.next_look_at <= at + PAUSE)
    with study.write() as session:
        session.execute(update(Participant).where(*waiting).values(next_look_at=at + PAUSE))
        session.commit()


def _where(problem: Exception) -> str:
    """The line that failed. Never the error's own words: they may quote an address or a link."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{last.name}:{last.lineno}"
