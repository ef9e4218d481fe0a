"""Which posts are to be told, and to whom: in batches, so that a study of many thousands keeps nobody waiting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.announcements.kinds import ANNOUNCEMENTS
from app.announcements.models import Mute, Post, Reading
from app.participants import limits
from app.participants.models import Participant


def next_post(session: Session, at: datetime) -> Post | None:
    """The post that waits longest, nobody else's for this transaction; None if there is none or another has it."""
    waiting = (Post.published_at <= at, Post.told_at.is_(None), Post.withdrawn_at.is_(None))
    oldest = select(Post).where(*waiting).order_by(Post.published_at, Post.id).limit(1)
    return session.scalar(oldest.with_for_update(skip_locked=True))


def next_readers(session: Session, post: Post, limit: int) -> Sequence[int]:
    """Of the participants to whom the post is news, the next ones by id, kept from change until the commit.

    Not those who have taken anything back, have read it, or want no announcements of its kind. Whether each may be
    written to when it comes to it is decided then.
    """
    account = Participant.account_pseudonym
    has_read = exists().where(Reading.account_pseudonym == account, Reading.post_id == post.id)
    people = select(Participant.id).where(
        Participant.study_id == post.study_id,
        Participant.id > post.told_up_to,
        Participant.withdrawn_at.is_(None),
        ~limits.IS_SILENT,
        ~has_read,
    )
    if post.kind in ANNOUNCEMENTS:
        is_muted = exists().where(Mute.account_pseudonym == account, Mute.kind == post.kind, Mute.ended_at.is_(None))
        people = people.where(~is_muted)
    # In the order in which senders lock, so that nobody waits for somebody who waits.
    return session.scalars(people.order_by(Participant.id).limit(limit).with_for_update(key_share=True)).all()


def told(post: Post, readers: Sequence[int], limit: int, at: datetime) -> None:
    """Go on after these the next time; fewer than asked for are the last ones."""
    post.told_up_to = readers[-1] if readers else post.told_up_to
    post.told_at = at if len(readers) < limit else None
