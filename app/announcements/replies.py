"""What participants said to an announcement, and what the study team may know of it: subject codes and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from app.announcements.kinds import KINDS
from app.announcements.models import Post, Reading, Reply
from app.errors import Refusal
from app.participants.models import Participant

Columns = TypeVarTuple("Columns")

INTERESTED, NOT_INTERESTED, TAKEN_BACK = "interested", "not-interested", "taken-back"
ANSWERS = (INTERESTED, NOT_INTERESTED, TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Reception:
    """How a post was received, by people who take part in its study: numbers of persons. ``outside``: other readers."""

    readers: int = 0
    interested: int = 0
    not_interested: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Interested:
    """Somebody who would like to hear more."""

    subject_code: str
    site_id: int
    since: datetime


def reply(session: Session, post: Post, participant: Participant, answer: str, at: datetime) -> bool:
    """Add what a participant says now; False, and nothing added, if it is what they said before.

    Refusals: ``unknown-reply`` (not one of ANSWERS, or this post asks nothing).
    """
    if answer not in ANSWERS or not KINDS[post.kind].is_announcement:
        raise Refusal("unknown-reply")
    if answer == (current(session, post.id, participant.id) or TAKEN_BACK):
        return False
    session.add(Reply(participant_id=participant.id, post_id=post.id, answer=answer, replied_at=at))
    session.flush()
    return True


def current(session: Session, post_id: int, participant_id: int) -> str | None:
    """What a participant last said; None if nothing, or if it was taken back."""
    mine = select(Reply.answer).where(Reply.post_id == post_id, Reply.participant_id == participant_id)
    last = session.scalar(mine.order_by(Reply.id.desc()).limit(1))
    return None if last == TAKEN_BACK else last


def receptions(session: Session, study_id: int, site_ids: tuple[int, ...] | None) -> Mapping[int, Reception]:
    """How each post of a study was received, at some sites or (None) at all; three statements for all of them."""
    readers = (
        select(Reading.post_id, func.count(Participant.id.distinct()))
        .join(Post, Post.id == Reading.post_id)
        .join(
            Participant,
            (Participant.account_pseudonym == Reading.account_pseudonym) & (Participant.study_id == Post.study_id),
        )
        .where(Post.study_id == study_id)
        .group_by(Reading.post_id)
    )
    answers = _last_words(select(Reply.post_id, Reply.answer, func.count()), study_id, site_ids)
    outside = _outside(session, study_id)
    read = {row[0]: row[1] for row in session.execute(_at_sites(readers, site_ids))}
    said: dict[int, dict[str, int]] = {}
    for post_id, answer, count in session.execute(answers.group_by(Reply.post_id, Reply.answer)):
        said.setdefault(post_id, {})[answer] = count
    return {
        post_id: Reception(
            readers=read.get(post_id, 0),
            interested=said.get(post_id, {}).get(INTERESTED, 0),
            not_interested=said.get(post_id, {}).get(NOT_INTERESTED, 0),
            outside=outside.get(post_id, 0),
        )
        for post_id in {*read, *said, *outside}
    }


def interested(
    session: Session, post: Post, site_ids: tuple[int, ...] | None, *, limit: int = 100, offset: int = 0
) -> Sequence[Interested]:
    """Who said "interested", by subject code: the study's own participants, at some sites or (None) at all."""
    statement = _last_words(
        select(Participant.subject_code, Participant.site_id, Reply.replied_at), post.study_id, site_ids
    ).where(Reply.post_id == post.id, Reply.answer == INTERESTED)
    rows = session.execute(statement.order_by(Participant.subject_code).limit(limit).offset(offset))
    return [Interested(code, site, since) for code, site, since in rows]


def _outside(session: Session, study_id: int) -> dict[int, int]:
    """How many accounts have read each post and have never taken part in its study: they belong to no site."""
    mine = (Participant.account_pseudonym == Reading.account_pseudonym, Participant.study_id == study_id)
    readers = (
        select(Reading.post_id, func.count())
        .join(Post, Post.id == Reading.post_id)
        .where(Post.study_id == study_id, ~exists().where(*mine))
        .group_by(Reading.post_id)
    )
    return dict(session.execute(readers).all())


def _last_words(statement: Select[*Columns], study_id: int, site_ids: tuple[int, ...] | None) -> Select[*Columns]:
    """The last reply of each participant. Those who left the study are out: they can no longer take it back."""
    last = (
        select(func.max(Reply.id))
        .join(Post, Post.id == Reply.post_id)
        .where(Post.study_id == study_id)
        .group_by(Reply.post_id, Reply.participant_id)
    )
    said = (
        statement.select_from(Reply)
        .join(Participant, Participant.id == Reply.participant_id)
        .where(Reply.id.in_(last), Participant.study_id == study_id, Participant.withdrawn_at.is_(None))
    )
    return _at_sites(said, site_ids)


def _at_sites(statement: Select[*Columns], site_ids: tuple[int, ...] | None) -> Select[*Columns]:
    return statement if site_ids is None else statement.where(Participant.site_id.in_(site_ids))
