"""The posts of one study, as the people who write them see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.announcements.charts import Choice
from app.announcements.models import Post, PostText
from app.studies.queries import storable


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a post in one language; what its kind does not have stays empty."""

    title: str = ""
    body: str = ""
    who: str = ""
    involves: str = ""
    duration: str = ""
    contact: str = ""


def find(session: Session, study_id: int, key: str) -> Post | None:
    """The study's post of that key; another study's does not exist."""
    return session.scalar(select(Post).where(Post.key == storable(key), Post.study_id == study_id))


def of_study(session: Session, study_id: int) -> Sequence[Post]:
    """Drafts first, then what was published, the newest first."""
    newest = (Post.published_at.is_not(None), Post.published_at.desc(), Post.saved_at.desc(), Post.id.desc())
    return session.scalars(select(Post).where(Post.study_id == study_id).order_by(*newest)).all()


def titles(session: Session, posts: Iterable[Post]) -> dict[int, dict[str, str]]:
    """The titles of some posts: post id -> language -> title; one statement, however many they are."""
    found: dict[int, dict[str, str]] = {post.id: {} for post in posts}
    texts = select(PostText.post_id, PostText.language, PostText.title).where(PostText.post_id.in_(found))
    for post_id, language, title in session.execute(texts):
        found[post_id][language] = title
    return found


def words_of(session: Session, post: Post) -> dict[str, Words]:
    """What is written so far, by language."""
    rows = session.scalars(select(PostText).where(PostText.post_id == post.id))
    return {row.language: Words(**{field.name: getattr(row, field.name) for field in fields(Words)}) for row in rows}


def choice_of(post: Post) -> Choice | None:
    """The chart that was chosen."""
    return None if post.instrument is None or post.scale is None else Choice(post.instrument, post.scale)
