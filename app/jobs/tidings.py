"""Messages to participants that hang on no ladder: receipts, news, consents. From what happened to claimed notices.

Whether each is still wanted is decided here, in the claiming transaction, by the facts that it finds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.announcements import news
from app.consents import asking
from app.notices import choices, outbox
from app.notices.causes import CAUSES
from app.notices.models import MessageChoices, Notice
from app.notices.outbox import Outbox
from app.participants import agenda
from app.participants.agenda import Course, Planned
from app.participants.models import Participant
from app.scheduling import timeline
from app.scheduling.participation import Stopped

RECEIPT: Final = "receipt"
NEWS: Final = ("results", "announcement")
CONSENT: Final = "consent"
WHILE_PAUSED: Final = timedelta(days=1)
"""How often a participation that rests is looked at again: nobody knows until when it does."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of no ladder and whose it is."""

    notice: Notice
    participant: Participant


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one participant when it is decided what to tell."""

    session: Session
    participant: Participant
    wishes: MessageChoices
    recent: Sequence[datetime]
    visits: Sequence[Planned]
    at: datetime

    def course(self) -> Course:
        """What is stored, also of somebody who has no visit yet."""
        return self.visits[0].course if self.visits else agenda.courses(self.session, [self.participant])[0]


def claimed(looked: Looked, taken: Outbox) -> list[Told]:
    """The notices of one participant that go out now; what nobody wants any more is dropped, what waits is held."""
    session, participant, at = looked.session, looked.participant, looked.at
    due = [about for about, woken in taken.others.items() if woken is not None]
    fresh = [about for about in _receipts(looked) if about not in taken.others] + sorted(taken.again)
    if not due and not fresh:
        return []
    course = looked.course()
    found = []
    for about in (*due, *fresh):
        kind, _, thing = about.removesuffix(outbox.AGAIN).partition(":")
        notice = outbox.claim_other(session, participant.id, kind, about, at)
        if notice is None:
            continue
        if _is_over(course, at) or not IS_WANTED[kind](looked, int(thing)):
            outbox.drop(session, notice, at)
        elif not _is_held(looked, course, notice):
            found.append(Told(notice, participant))
    return found


def groups(told: Sequence[Told]) -> list[list[Told]]:
    """What travels together to one person: all that is new of one kind is one, a repeated try keeps its company."""
    found: dict[tuple[str, str, str], list[Told]] = {}
    for one in told:
        begun = one.notice.message_id if one.notice.attempts else ""
        found.setdefault((one.participant.account_pseudonym, one.notice.kind, begun), []).append(one)
    for group in found.values():
        for one in group:
            one.notice.message_id = group[0].notice.message_id
    return list(found.values())


def _is_over(course: Course, at: datetime) -> bool:
    """Nobody is written to after any withdrawal, nor from the day of an event that ends everything."""
    ended = timeline.ends_at(course.protocol, course.known)
    return course.known.ends(Stopped.SENDING) is not None or (ended is not None and ended <= at)


def _is_held(looked: Looked, course: Course, notice: Notice) -> bool:
    """Put off what the participant does not want now, or drop what cannot wait; what was begun goes on."""
    if notice.attempts:
        return False
    reason: tuple[str, datetime | None] | None
    if not CAUSES[notice.kind].waits:
        reason = ("resting", None) if choices.is_silent(looked.wishes, looked.at) else None
    elif any(pause.holds_at(looked.at) for pause in course.known.pauses):
        reason = ("paused", looked.at + WHILE_PAUSED)
    else:
        has_waited = notice.problem in choices.WAITED
        reason = choices.news_held_until(looked.wishes, looked.recent, course.known.stays, has_waited, looked.at)
    if reason is None:
        return False
    if CAUSES[notice.kind].waits:
        outbox.hold(looked.session, notice, *reason)
    else:
        outbox.drop(looked.session, notice, looked.at)
    return True


def _receipts(looked: Looked) -> list[str]:
    return [
        f"{RECEIPT}:{visit.record.id}" for visit in looked.visits if visit.record is not None and _is_new(looked, visit)
    ]


def _is_new(looked: Looked, visit: Planned) -> bool:
    """Sent by the participant a short while ago; a form on paper came in through the team."""
    facts, lasts = visit.facts, CAUSES[RECEIPT].lasts
    is_recent = facts.submitted is not None and lasts is not None and looked.at - facts.submitted < lasts
    is_wanted = choices.wants_receipts(looked.wishes, visit.occasion.visit.receipt)
    return is_recent and facts.answered is None and is_wanted


def _wants_receipt(looked: Looked, record_id: int) -> bool:
    return f"{RECEIPT}:{record_id}" in _receipts(looked)


def _wants_news(kind: str) -> Callable[[Looked, int], bool]:
    lasts = CAUSES[kind].lasts

    def is_wanted(looked: Looked, post_id: int) -> bool:
        since = None if lasts is None else looked.at - lasts
        return news.is_unread(looked.session, looked.participant.account_pseudonym, post_id, since, looked.at)

    return is_wanted


def _is_asked_for_consent(looked: Looked, version_id: int) -> bool:
    return asking.is_wanted(looked.session, looked.participant, version_id)


IS_WANTED: Final[Mapping[str, Callable[[Looked, int], bool]]] = {
    RECEIPT: _wants_receipt,
    CONSENT: _is_asked_for_consent,
    **{kind: _wants_news(kind) for kind in NEWS},
}
