"""What reaches people outside a study is proposed by its author and approved by a data manager, who is somebody else.

Nothing of a draft that waits can be changed: what was looked at is what is published.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.announcements.drafts import claim, missing
from app.announcements.kinds import TO_EVERYBODY
from app.announcements.models import Post
from app.announcements.posts import words_of
from app.errors import Refusal
from app.plain_text import clean
from app.studies.models import Study
from app.studies.queries import storable

LONGEST_REASON: Final = 1_000
SHOWN: Final = 30
"""How many of those that were approved a list shows, the last ones first."""


def propose(session: Session, post: Post, languages: Iterable[str], seen: int, by: int, at: datetime) -> None:
    """The revision ``seen`` waits for a data manager from now on, and nobody changes it meanwhile.

    Refusals: ``unknown-audience`` (it reaches nobody outside the study), ``post-incomplete``, those of drafts.claim.
    """
    if post.audience not in TO_EVERYBODY:
        raise Refusal("unknown-audience")
    _refuse_incomplete(session, post, languages)
    forgotten = {"sent_back_at": None, "sent_back_by": None, "sent_back_reason": None}
    claim(session, post, seen, {"proposed_at": at, "proposed_by": by, **forgotten})


def take_back(session: Session, post: Post, seen: int) -> None:
    """The author goes on writing; nobody needs to look at it. Refusals: those of drafts.claim."""
    claim(session, post, seen, {"proposed_at": None, "proposed_by": None}, is_proposed=True)


def approve(session: Session, post: Post, languages: Iterable[str], seen: int, by: int, at: datetime) -> None:
    """Publish the revision ``seen``, for good: for everybody whom it is for.

    Refusals: ``own-proposal`` (whoever wrote or proposed it), ``post-incomplete``, those of drafts.claim.
    """
    _refuse_own(post, by)
    _refuse_incomplete(session, post, languages)
    claim(session, post, seen, {"published_at": at, "approved_by": by}, is_proposed=True)


def send_back(session: Session, post: Post, seen: int, reason: str, by: int, at: datetime) -> None:
    """It is a draft again, and its author reads why.

    Refusals: ``own-proposal``, ``reason-missing``, ``text-too-long``, those of drafts.claim.
    """
    _refuse_own(post, by)
    words = clean(reason)
    if not words:
        raise Refusal("reason-missing")
    if len(words) > LONGEST_REASON:
        raise Refusal("text-too-long")
    said = {"sent_back_at": at, "sent_back_by": by, "sent_back_reason": words}
    claim(session, post, seen, {"proposed_at": None, "proposed_by": None, **said}, is_proposed=True)


def is_own(post: Post, staff_id: int) -> bool:
    """Whether somebody wrote or proposed it, and so cannot decide about it."""
    return staff_id in (post.created_by, post.saved_by, post.proposed_by)


def waiting(session: Session) -> Sequence[tuple[Post, Study]]:
    """What waits for a data manager, each with its study, the one that waits longest first."""
    waits = (Post.proposed_at.is_not(None), Post.published_at.is_(None))
    rows = session.execute(_with_study().where(*waits).order_by(Post.proposed_at, Post.id))
    return [(post, study) for post, study in rows]


def approved(session: Session) -> Sequence[tuple[Post, Study]]:
    """What was approved, the last one first, also where it was taken back since."""
    found = _with_study().where(Post.approved_by.is_not(None))
    rows = session.execute(found.order_by(Post.published_at.desc(), Post.id.desc()).limit(SHOWN))
    return [(post, study) for post, study in rows]


def find(session: Session, key: str) -> tuple[Post, Study] | None:
    """What waits or was approved, of that key, with its study; a draft that nobody has proposed does not exist here."""
    found = session.execute(_with_study().where(Post.key == storable(key), Post.proposed_at.is_not(None))).one_or_none()
    return None if found is None else (found[0], found[1])


def _with_study() -> Select[Post, Study]:
    return select(Post, Study).join(Study, Study.id == Post.study_id)


def _refuse_own(post: Post, by: int) -> None:
    if is_own(post, by):
        raise Refusal("own-proposal")


def _refuse_incomplete(session: Session, post: Post, languages: Iterable[str]) -> None:
    if missing(post.kind, words_of(session, post), languages):
        raise Refusal("post-incomplete")
