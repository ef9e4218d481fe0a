"""Messages to accounts, with or without participants: that there is news of a study that one could join.

They go the way of all messages: a hint, a claim, what is wanted decided by the facts found in the claiming transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.announcements import news
from app.i18n import HOUSE_ZONE
from app.jobs import letters
from app.jobs.letters import Letter, Office, Reader
from app.jobs.tidings import WHILE_PAUSED
from app.notices import account_outbox, choices, keys, outbox
from app.notices.causes import CAUSES
from app.notices.compose import Facts, compose
from app.notices.models import MessageChoices, Notice
from app.participants import agenda
from app.participants.agenda import Course
from app.participants.models import Participant
from app.scheduling import timeline
from app.scheduling.local_time import Stay

STUDY_NEWS: Final = "study-news"
AT_HOME: Final = (Stay(HOUSE_ZONE),)
"""By which clocks somebody lives who takes part in no study: nobody has asked."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one account when it is decided what to tell; ``courses``: the newest participation last."""

    session: Session
    account: Account
    wishes: MessageChoices
    recent: Sequence[datetime]
    courses: Sequence[Course]
    at: datetime

    @property
    def language(self) -> str:
        """The account's own, else that of its newest participation, else the default one, which nothing stands for."""
        own = [course.participant.language for course in self.courses[-1:]]
        return self.account.language or next(iter(own), "")

    @property
    def stays(self) -> Sequence[Stay]:
        """Where the person lives, as the newest participation knows it."""
        return self.courses[-1].known.stays if self.courses else AT_HOME

    @property
    def has_died(self) -> bool:
        """Whether some study knows that nobody reads this any more."""
        deaths = (timeline.died_at(course.protocol, course.known) for course in self.courses)
        return any(death is not None and death <= self.at for death in deaths)

    @property
    def rests(self) -> bool:
        """Whether a participation rests: whoever is in hospital hears of other studies later."""
        return any(pause.holds_at(self.at) for course in self.courses for pause in course.known.pauses)


def apart(readers: Sequence[Reader]) -> tuple[list[int], list[str]]:
    """The participants and the accounts among those who are looked at."""
    return [one for one in readers if isinstance(one, int)], [one for one in readers if isinstance(one, str)]


def claim(office: Office, names: Sequence[str], at: datetime) -> list[Letter]:
    """What is due to some accounts, claimed and with its words; one transaction, each account nobody else's for it."""
    with office.study.write() as session:
        due = select(Account).where(Account.pseudonym.in_(names), Account.next_look_at <= at)
        # Like letters.locked, so that nobody looks at the studies of one person meanwhile.
        found = session.scalars(due.with_for_update(skip_locked=True, key_share=True))
        accounts = {account.pseudonym: account for account in found}
        claimed = account_outbox.claim(session, accounts, at)
        told = []
        for looked in _looked(session, [accounts[name] for name in claimed], at):
            wanted = [one for one in claimed[looked.account.pseudonym] if _goes_out(looked, one)]
            told += [_written(looked, group, office.config.public_url) for group in _groups(wanted)]
        look_again(session, list(accounts.values()), at)
        session.commit()
        return told


def look_again(session: Session, accounts: Collection[Account], at: datetime) -> None:
    """Say when the accounts need a look again; never the same minute again."""
    session.flush()
    wakes = account_outbox.wakes(session, [account.pseudonym for account in accounts])
    for account in accounts:
        wake = wakes.get(account.pseudonym)
        account.next_look_at = None if wake is None else max(wake, at + letters.SOON)


def _looked(session: Session, accounts: Sequence[Account], at: datetime) -> list[Looked]:
    names = [account.pseudonym for account in accounts]
    wishes, recent = choices.of_accounts(session, names), choices.recent(session, names, at)
    courses = _courses(session, names)
    return [
        Looked(session, one, wishes[one.pseudonym], recent[one.pseudonym], courses.get(one.pseudonym, ()), at)
        for one in accounts
    ]


def _courses(session: Session, accounts: Sequence[str]) -> Mapping[str, Sequence[Course]]:
    mine = select(Participant).where(Participant.account_pseudonym.in_(accounts)).order_by(Participant.id)
    people = session.scalars(mine).all()
    found: dict[str, list[Course]] = {}
    for course in agenda.courses(session, people) if people else ():
        found.setdefault(course.participant.account_pseudonym, []).append(course)
    return found


def _goes_out(looked: Looked, notice: Notice) -> bool:
    """Drop what nobody wants any more, put off what the person does not want now; what was begun goes on."""
    session, at = looked.session, looked.at
    lasts, post_id = CAUSES[STUDY_NEWS].lasts, int(notice.about.partition(":")[2])
    since = None if lasts is None else at - lasts
    if looked.has_died or not news.is_unread_offer(session, looked.account.pseudonym, post_id, since, at):
        outbox.drop(session, notice, at)
        return False
    if notice.attempts:
        return True
    reason: tuple[str, datetime | None] | None
    if looked.rests:
        reason = ("paused", at + WHILE_PAUSED)
    else:
        has_waited = notice.problem in choices.WAITED
        reason = choices.news_held_until(looked.wishes, looked.recent, looked.stays, has_waited, at)
    if reason is not None:
        outbox.hold(session, notice, *reason)
    return reason is None


def _groups(notices: Sequence[Notice]) -> list[list[Notice]]:
    """What travels together: a repeated try keeps its company, all that is new is one."""
    found: dict[str, list[Notice]] = {}
    for one in notices:
        found.setdefault(one.message_id if one.attempts else "", []).append(one)
    for group in found.values():
        for one in group:
            one.message_id = group[0].message_id
    return list(found.values())


def _written(looked: Looked, group: Sequence[Notice], url: str) -> Letter:
    name = looked.account.pseudonym
    stop = f"{url}/messages/stop/{keys.mint(looked.session, name, keys.STUDY_NEWS, looked.at)}"
    words = compose(STUDY_NEWS, looked.language, Facts(account=f"{url}/account/news", stop=stop))
    message = letters.message(group[0].message_id, words, stop)
    return Letter((), name, group[0].channel, message, account=name)
