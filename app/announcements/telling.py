"""Which posts are to be told, and to whom: in batches, so that a study of many thousands keeps nobody waiting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.models import Account
from app.announcements.kinds import ANNOUNCEMENTS, TO_EVERYBODY, TO_PARTICIPANTS
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
    if post.audience not in TO_PARTICIPANTS:
        return []
    people = select(Participant.id).where(
        Participant.study_id == post.study_id,
        Participant.id > post.told_up_to,
        Participant.withdrawn_at.is_(None),
        ~limits.IS_SILENT,
        # Whoever joined after having been told as somebody outside has been told.
        or_(Participant.enrolled_at <= post.published_at, Participant.account_pseudonym > post.accounts_told_up_to),
        *_is_news_to(Participant.account_pseudonym, post),
    )
    # In the order in which senders lock, so that nobody waits for somebody who waits.
    return session.scalars(people.order_by(Participant.id).limit(limit).with_for_update(key_share=True)).all()


def next_accounts(session: Session, post: Post, limit: int) -> Sequence[str]:
    """Of the accounts that want news of studies and are outside this one, the next ones, kept from change likewise.

    Not those who take part in the study or did, have read it, or want no announcements of its kind.
    """
    if post.audience not in TO_EVERYBODY or limit <= 0:
        return []
    account = Account.pseudonym
    is_inside = exists().where(Participant.account_pseudonym == account, Participant.study_id == post.study_id)
    people = select(account).where(
        account > post.accounts_told_up_to,
        Account.study_news.is_(True),
        ~is_inside,
        *_is_news_to(account, post),
    )
    # Not against those who only refer to them: somebody who signs in waits for nobody.
    return session.scalars(people.order_by(account).limit(limit).with_for_update(key_share=True)).all()


def told(post: Post, readers: Sequence[int], accounts: Sequence[str], limit: int, at: datetime) -> None:
    """Go on after these the next time; fewer than asked for are the last ones."""
    post.told_up_to = readers[-1] if readers else post.told_up_to
    post.accounts_told_up_to = accounts[-1] if accounts else post.accounts_told_up_to
    post.told_at = at if len(readers) + len(accounts) < limit else None


def _is_news_to(account: InstrumentedAttribute[str], post: Post) -> list[ColumnElement[bool]]:
    """What has to hold of an account for the post to be news to it: unread, and of a kind that is not muted."""
    has_read = exists().where(Reading.account_pseudonym == account, Reading.post_id == post.id)
    if post.kind not in ANNOUNCEMENTS:
        return [~has_read]
    is_muted = exists().where(Mute.account_pseudonym == account, Mute.kind == post.kind, Mute.ended_at.is_(None))
    return [~has_read, ~is_muted]
