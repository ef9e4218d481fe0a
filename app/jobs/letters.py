"""From a participant whose time has come to claimed and composed messages: one transaction, by the facts it finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.config import Config
from app.db import Database
from app.identity.carriage import Message
from app.jobs import escalations, tidings
from app.jobs.tidings import Looked, Told
from app.notices import choices, keys, outbox, paragraphs
from app.notices.compose import DIGEST, Facts, Item, Text, compose
from app.notices.models import MessageChoices, Notice
from app.notices.outbox import Outbox, Wanted
from app.participants import agenda, links
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library
from app.scheduling import reminders
from app.scheduling.participation import Stopped
from app.scheduling.reminders import Plan
from app.scheduling.rules import Reminder
from app.scheduling.status import last_end

SOON = timedelta(minutes=1)
Reader = int | str
"""Who is looked at: a participant by its id, or an account by its pseudonym for what concerns none of its studies."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the job works with."""

    study: Database
    vault: Database
    config: Config
    library: Library


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed and composed message, how it travels and to whom: as participants of studies, or as an account."""

    participant_ids: tuple[int, ...]
    pseudonym: str
    channel: str
    message: Message
    account: str | None = None

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Who needs a look again once it is marked."""
        return self.participant_ids if self.account is None else (self.account,)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice and the visit that it is about."""

    notice: Notice
    visit: Planned
    record: OccasionRecord


def claim(office: Office, ids: Sequence[int], at: datetime) -> list[Letter]:
    """What is due to some people over all their studies, claimed and with its words; one transaction.

    What falls together for one person goes out together. The number of statements does not grow with that of people.
    """
    with office.study.write() as session:
        desk = _desk(session, office, ids, at)
        claimed = _claimed(session, desk, at)
        told = [one for who in desk.people for one in _told(session, desk, who, at)]
        _look_after(
            session, desk, {one.visit.participant.id for one in claimed} | {one.participant.id for one in told}, at
        )
        letters = [_letter(session, desk, group, at) for group in _groups(claimed)]
        letters += [_written(session, desk, group, group[0].notice.kind, (), at) for group in tidings.groups(told)]
        session.commit()
        return letters


@dataclass(frozen=True, slots=True)
class Desk:
    """What one transaction works on: the people it has locked, and what they and their studies wish for."""

    office: Office
    people: Sequence[Participant]
    accounts: Mapping[str, Account]
    wishes: Mapping[str, MessageChoices]
    recent: Mapping[str, Sequence[datetime]]
    visits: Mapping[int, Sequence[Planned]]
    boxes: Mapping[int, Outbox]
    paragraphs: dict[tuple[int, str, str], str] = field(default_factory=dict)


def _desk(session: Session, office: Office, ids: Sequence[int], at: datetime) -> Desk:
    accounts, people = locked(session, ids, at)
    visits: dict[int, list[Planned]] = {one.id: [] for one in people}
    agendas = agenda.of_participants(session, people, at)
    for visit in agenda.make_available(session, [one for planned in agendas.values() for one in planned], at):
        visits[visit.participant.id].append(visit)
    return Desk(
        office=office,
        people=people,
        accounts=accounts,
        wishes=choices.of_accounts(session, accounts),
        recent=choices.recent(session, accounts, at),
        visits=visits,
        boxes=outbox.of_participants(session, list(visits), at),
    )


def locked(session: Session, ids: Sequence[int], at: datetime) -> tuple[dict[str, Account], list[Participant]]:
    """The participants and whoever else is the same person and due, nobody else's for this transaction.

    Whoever another process was faster with is left out. The accounts are locked first, so that two studies of one
    person are never looked at at the same instant; not against those who only refer to them.
    """
    due = (
        select(Account)
        .join(Participant, Participant.account_pseudonym == Account.pseudonym)
        .where(Participant.id.in_(ids), Participant.next_look_at <= at)
        .with_for_update(skip_locked=True, key_share=True, of=Account)
    )
    accounts = {account.pseudonym: account for account in session.scalars(due)}
    hinted = select(Participant).where(Participant.account_pseudonym.in_(accounts), Participant.next_look_at <= at)
    people = session.scalars(hinted.order_by(Participant.id).with_for_update(skip_locked=True))
    return accounts, list(people)


def look_again(session: Session, people: Sequence[Participant], at: datetime) -> None:
    """Say when each of the people needs a look again, by everything that is stored now; never the same minute again."""
    if not people:
        return
    session.flush()
    agendas = agenda.of_participants(session, people, at)
    boxes = outbox.of_participants(session, [one.id for one in people], at)
    for one in people:
        one.next_look_at = _next_look(agendas[one.id], boxes[one.id], at)


def _next_look(visits: Sequence[Planned], taken: Outbox, at: datetime) -> datetime | None:
    look = None
    if visits:
        look = reminders.next_look(
            [visit.occasion for visit in visits],
            replace(visits[0].course.known, facts={visit.occasion.key: visit.facts for visit in visits}),
            {visit.occasion.key: taken.steps(visit.record) for visit in visits},
            at,
        )
    moments = [moment for moment in (look, taken.wakes_at, at if taken.waking else None) if moment is not None]
    return max(min(moments), at + SOON) if moments else None


def _claimed(session: Session, desk: Desk, at: datetime) -> list[Claimed]:
    """The notices of ladders that go out now; what is late is skipped, what has to wait is held."""
    wanted: list[tuple[Wanted, Planned]] = []
    late: list[Wanted] = []
    for visit in (one for visits in desk.visits.values() for one in visits):
        if visit.record is not None:
            plan = _plan(desk.boxes[visit.participant.id], visit, visit.record, at)
            late += [Wanted(visit.participant, visit.record, one, one.channel) for one in plan.skip]
            if plan.send is not None:
                channel = _channel(desk, visit.participant, plan.send)
                wanted.append((Wanted(visit.participant, visit.record, plan.send, channel), visit))
    outbox.skip(session, late, at)
    waking = {place: notice for box in desk.boxes.values() for place, notice in box.waking.items()}
    notices = outbox.claim(session, [one for one, _visit in wanted], waking, at)
    outbox.write_off(session, list(waking.values()), at)
    return [
        Claimed(notices[one.place], visit, one.occasion)
        for one, visit in wanted
        if one.place in notices and not _is_held(session, desk, visit, notices[one.place], at)
    ]


def _told(session: Session, desk: Desk, participant: Participant, at: datetime) -> list[Told]:
    """The notices of no ladder that go out now to one participant; and what staff should hear of is raised."""
    account, visits = participant.account_pseudonym, desk.visits[participant.id]
    escalations.raise_due(session, participant, visits, at)
    looked = Looked(session, participant, desk.wishes[account], desk.recent[account], visits, at)
    return tidings.claimed(looked, desk.boxes[participant.id])


def _look_after(session: Session, desk: Desk, writes_to: Collection[int], at: datetime) -> None:
    """Say when each of the people needs a look again; the end of the lease, until their messages are marked."""
    look_again(session, [one for one in desk.people if one.id not in writes_to], at)
    for one in desk.people:
        if one.id in writes_to:
            one.next_look_at = at + outbox.LEASE


def _plan(taken: Outbox, visit: Planned, record: OccasionRecord, at: datetime) -> Plan:
    silent_since = visit.course.known.ends(Stopped.SENDING)
    return reminders.due_steps(visit.occasion, visit.facts, taken.steps(record), silent_since, at)


def _channel(desk: Desk, participant: Participant, reminder: Reminder) -> str:
    """The participant's, else the protocol's; e-mail where no gateway is set up for anything else."""
    if desk.office.config.sms is None:
        return outbox.EMAIL
    return desk.wishes[participant.account_pseudonym].channel or reminder.channel


def _is_held(session: Session, desk: Desk, visit: Planned, notice: Notice, at: datetime) -> bool:
    """Put off what the person does not want now; a message already begun, or that waited for its hour, goes on."""
    if notice.attempts:
        return False
    account = visit.participant.account_pseudonym
    reason = choices.held_until(desk.wishes[account], desk.recent[account], visit.occasion, at)
    if reason is None or reason[0] == notice.problem == "preferred-hour":
        return False
    outbox.hold(session, notice, *reason)
    return True


def _groups(claimed: Sequence[Claimed]) -> list[list[Claimed]]:
    """What travels together to one person: a repeated try keeps its company, all that is new on one channel is one."""
    groups: dict[tuple[str, str, str], list[Claimed]] = {}
    for one in claimed:
        begun = one.notice.message_id if one.notice.attempts else ""
        groups.setdefault((one.visit.participant.account_pseudonym, one.notice.channel, begun), []).append(one)
    for group in groups.values():
        for one in group:
            one.notice.message_id = group[0].notice.message_id
    return list(groups.values())


def _letter(session: Session, desk: Desk, group: Sequence[Claimed], at: datetime) -> Letter:
    told = [Told(one.notice, one.visit.participant) for one in group]
    kind = group[0].notice.kind if len(group) == 1 else DIGEST
    return _written(session, desk, told, kind, tuple(_item(session, desk.office, one, at) for one in group), at)


def _written(
    session: Session, desk: Desk, group: Sequence[Told], kind: str, items: tuple[Item, ...], at: datetime
) -> Letter:
    first = group[0]
    participant, url = first.participant, desk.office.config.public_url
    stop = f"{url}/messages/stop/{keys.mint(session, participant.account_pseudonym, keys.STOP, at)}"
    language = desk.accounts[participant.account_pseudonym].language or participant.language
    facts = Facts(
        account=f"{url}/account",
        stop=stop,
        items=items,
        paragraph=_paragraph(session, desk, participant.study_id, kind, language),
    )
    return Letter(
        participant_ids=tuple(dict.fromkeys(one.participant.id for one in group)),
        pseudonym=participant.pseudonym,
        channel=first.notice.channel,
        message=message(first.notice.message_id, compose(kind, language, facts), stop),
    )


def _paragraph(session: Session, desk: Desk, study_id: int, kind: str, language: str) -> str:
    asked = (study_id, kind, language)
    if asked not in desk.paragraphs:
        with session.no_autoflush:
            desk.paragraphs[asked] = paragraphs.current(session, *asked)
    return desk.paragraphs[asked]


def _item(session: Session, office: Office, one: Claimed, at: datetime) -> Item:
    occasion = one.visit.occasion
    # Whoever has begun may go on for a while after closing; the link must not cut that off.
    token = links.mint(session, one.record.id, at, expires_at=last_end(occasion))
    return Item(
        link=f"{office.config.public_url}/l/{token}",
        minutes=sum(office.library.instrument(key).minutes for key in occasion.instruments),
        last_day=(occasion.closes - timedelta(microseconds=1)).astimezone(occasion.zone).date(),
    )


def message(message_id: str, words: Text, stop: str) -> Message:
    """What the courier gets: the words, and the address that stops such messages."""
    return Message(message_id, words.language, words.subject, words.text, words.html, words.short, stop)
