"""From a participant whose time has come to claimed and composed messages: one transaction, by the facts it finds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.config import Config
from app.db import Database
from app.identity.carriage import Message
from app.jobs import escalations, tidings
from app.jobs.tidings import Told
from app.notices import choices, keys, outbox, paragraphs
from app.notices.compose import DIGEST, Facts, Item, Text, compose
from app.notices.models import MessageChoices, Notice
from app.notices.outbox import Outbox
from app.participants import agenda, links
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library
from app.scheduling import reminders
from app.scheduling.participation import Stopped
from app.scheduling.rules import Reminder
from app.scheduling.status import last_end

SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Office:
    """What the job works with."""

    study: Database
    vault: Database
    config: Config
    library: Library


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed and composed message, how it travels and to whom."""

    participant_ids: tuple[int, ...]
    pseudonym: str
    channel: str
    message: Message


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice and the visit that it is about."""

    notice: Notice
    visit: Planned
    record: OccasionRecord


def claim(office: Office, participant_id: int, at: datetime) -> list[Letter]:
    """What is due to one person over all studies, claimed and with its words; what falls together goes out together."""
    with office.study.write() as session:
        found = locked(session, participant_id, at)
        if not found:
            return []
        account = session.get_one(Account, found[0].account_pseudonym)
        wishes = choices.of_account(session, account.pseudonym)
        claimed: list[Claimed] = []
        told: list[Told] = []
        agendas = agenda.of_participants(session, found, at)
        for participant in found:
            visits = agenda.make_available(session, agendas[participant.id], at)
            taken = outbox.of_participant(session, participant, at)
            mine = _claimed(session, office.config, wishes, visits, taken, at)
            news = tidings.claimed(session, wishes, participant, visits, taken, at)
            escalations.raise_due(session, participant, visits, at)
            claimed, told = claimed + mine, told + news
            # Until the messages are marked, the end of the lease is when somebody else should look.
            participant.next_look_at = (
                at + outbox.LEASE if mine or news else next_look(session, participant, visits, at)
            )
        letters = [_letter(session, office, account, group, at) for group in _groups(claimed)]
        letters += [_tidings(session, office, account, group, at) for group in tidings.groups(told)]
        session.commit()
        return letters


def locked(session: Session, participant_id: int, at: datetime) -> list[Participant]:
    """The participant and whoever else is the same person and due, nobody else's for this transaction.

    Nobody if another process was faster. The account is locked first, so that two studies of one person are never
    looked at at the same instant; not against those who only refer to it.
    """
    account = (
        select(Account.pseudonym)
        .join(Participant, Participant.account_pseudonym == Account.pseudonym)
        .where(Participant.id == participant_id, Participant.next_look_at <= at)
        .with_for_update(skip_locked=True, key_share=True, of=Account)
    )
    name = session.scalar(account)
    if name is None:
        return []
    hinted = select(Participant).where(Participant.account_pseudonym == name, Participant.next_look_at <= at)
    return list(session.scalars(hinted.order_by(Participant.id).with_for_update(skip_locked=True)))


def next_look(session: Session, participant: Participant, visits: list[Planned], at: datetime) -> datetime | None:
    """When this participant needs a look again, by everything that is stored now; never the same minute again."""
    taken = outbox.of_participant(session, participant, at)
    look = (
        reminders.next_look(
            [visit.occasion for visit in visits],
            replace(visits[0].course.known, facts={visit.occasion.key: visit.facts for visit in visits}),
            {visit.occasion.key: taken.steps(visit.record) for visit in visits},
            at,
        )
        if visits
        else None
    )
    moments = [moment for moment in (look, taken.wakes_at, at if taken.waking else None) if moment is not None]
    return max(min(moments), at + SOON) if moments else None


def _claimed(
    session: Session, config: Config, wishes: MessageChoices, visits: Sequence[Planned], taken: Outbox, at: datetime
) -> list[Claimed]:
    """The notices of one participant that go out now; what is late is skipped, what has to wait is held."""
    found = []
    for visit in visits:
        if visit.record is None:
            continue
        reminder = _due(session, taken, visit, visit.record, at)
        if reminder is None:
            continue
        channel = _channel(config, wishes, reminder)
        notice = outbox.claim(session, visit.participant, visit.record, reminder, at, channel)
        if notice is not None and not _is_held(session, wishes, visit, notice, at):
            found.append(Claimed(notice, visit, visit.record))
    outbox.write_off(session, taken.waking, at)
    return found


def _due(session: Session, taken: Outbox, visit: Planned, record: OccasionRecord, at: datetime) -> Reminder | None:
    silent_since = visit.course.known.ends(Stopped.SENDING)
    plan = reminders.due_steps(visit.occasion, visit.facts, taken.steps(record), silent_since, at)
    for late in plan.skip:
        outbox.skip(session, visit.participant, record, late, at)
    return plan.send


def _channel(config: Config, wishes: MessageChoices, reminder: Reminder) -> str:
    """The participant's, else the protocol's; e-mail where no gateway is set up for anything else."""
    return outbox.EMAIL if config.sms is None else wishes.channel or reminder.channel


def _is_held(session: Session, wishes: MessageChoices, visit: Planned, notice: Notice, at: datetime) -> bool:
    """Put off what the person does not want now; a message already begun, or that waited for its hour, goes on."""
    if notice.attempts:
        return False
    reason = choices.held_until(session, wishes, visit.occasion, at)
    if reason is None or reason[0] == notice.problem == "preferred-hour":
        return False
    outbox.hold(session, notice, *reason)
    return True


def _groups(claimed: Sequence[Claimed]) -> list[list[Claimed]]:
    """What travels together: a try that is repeated keeps its company, everything new on one channel is one message."""
    groups: dict[tuple[str, str], list[Claimed]] = {}
    for one in claimed:
        begun = one.notice.message_id if one.notice.attempts else ""
        groups.setdefault((one.notice.channel, begun), []).append(one)
    for group in groups.values():
        for one in group:
            one.notice.message_id = group[0].notice.message_id
    return list(groups.values())


def _letter(session: Session, office: Office, account: Account, group: Sequence[Claimed], at: datetime) -> Letter:
    told = [Told(one.notice, one.visit.participant) for one in group]
    kind = group[0].notice.kind if len(group) == 1 else DIGEST
    items = tuple(_item(session, office, one, at) for one in group)
    return _written(session, office, account, told, kind, items, at)


def _tidings(session: Session, office: Office, account: Account, group: Sequence[Told], at: datetime) -> Letter:
    return _written(session, office, account, group, group[0].notice.kind, (), at)


def _written(
    session: Session,
    office: Office,
    account: Account,
    group: Sequence[Told],
    kind: str,
    items: tuple[Item, ...],
    at: datetime,
) -> Letter:
    first = group[0]
    participant, url = first.participant, office.config.public_url
    stop = f"{url}/messages/stop/{keys.mint(session, account.pseudonym, keys.STOP, at)}"
    language = account.language or participant.language
    facts = Facts(
        account=f"{url}/account",
        stop=stop,
        items=items,
        paragraph=paragraphs.current(session, participant.study_id, kind, language),
    )
    return Letter(
        participant_ids=tuple(dict.fromkeys(one.participant.id for one in group)),
        pseudonym=participant.pseudonym,
        channel=first.notice.channel,
        message=_message(first.notice.message_id, compose(kind, language, facts), stop),
    )


def _item(session: Session, office: Office, one: Claimed, at: datetime) -> Item:
    occasion = one.visit.occasion
    # Whoever has begun may go on for a while after closing; the link must not cut that off.
    token = links.mint(session, one.record.id, at, expires_at=last_end(occasion))
    return Item(
        link=f"{office.config.public_url}/l/{token}",
        minutes=sum(office.library.instrument(key).minutes for key in occasion.instruments),
        last_day=(occasion.closes - timedelta(microseconds=1)).astimezone(occasion.zone).date(),
    )


def _message(message_id: str, words: Text, stop: str) -> Message:
    return Message(message_id, words.language, words.subject, words.text, words.html, words.short, stop)
