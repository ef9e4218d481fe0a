"""A post is written: started, saved without overwriting unseen changes, discarded or published once, taken back."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import once
from app.announcements.charts import Choice, FrozenChart, refuse_too_few
from app.announcements.kinds import KINDS, LONGEST, TO_EVERYBODY
from app.announcements.models import Post, PostText
from app.announcements.posts import Words, words_of
from app.errors import Refusal
from app.plain_text import clean


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author decides: the texts by language, the chart of a summary, and whom an announcement is for."""

    words: Mapping[str, Words]
    chart: Choice | None = None
    audience: str = "study"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One text that stands in the way of saving (``too-long``) or of publishing (``missing``)."""

    language: str
    text: str
    code: Literal["missing", "too-long"]


def start(session: Session, study_id: int, kind: str, draft: Draft, by: int, at: datetime) -> Post:
    """A new draft. Refusals: ``unknown-kind``, ``unknown-audience``, ``text-too-long``."""
    if kind not in KINDS:
        raise Refusal("unknown-kind")
    _refuse_audience(kind, draft)
    _refuse_too_long(kind, draft.words)
    post = Post(
        key=secrets.token_urlsafe(16),
        study_id=study_id,
        kind=kind,
        created_at=at,
        created_by=by,
        saved_at=at,
        saved_by=by,
        audience=draft.audience,
        **_chart_of(kind, draft),
    )
    session.add(post)
    session.flush()
    _write(session, post, draft.words)
    return post


def save(session: Session, post: Post, draft: Draft, seen: int, by: int, at: datetime) -> None:
    """Replace a draft by what was written on its revision ``seen``; nothing is overwritten that the author did not see.

    What is stored already, as after a double click, is no conflict. Refusals: ``already-published``,
    ``already-proposed``, ``draft-changed``, ``unknown-audience``, ``text-too-long``.
    """
    _refuse_audience(post.kind, draft)
    _refuse_too_long(post.kind, draft.words)
    try:
        decided = {"saved_at": at, "saved_by": by, "audience": draft.audience, **_chart_of(post.kind, draft)}
        claim(session, post, seen, decided)
    except Refusal:
        if post.published_at is None and _is_stored(session, post, draft):
            return
        raise
    _write(session, post, draft.words)


def publish(
    session: Session,
    post: Post,
    languages: Iterable[str],
    chart: FrozenChart | None,
    seen: int,
    at: datetime,
) -> None:
    """Make the revision ``seen`` visible to every participant of the study, for good, with the chart as it is now.

    Refusals: ``needs-approval`` (it reaches people outside the study: approval.py), ``already-published``,
    ``draft-changed``, ``post-incomplete`` (a text is missing in one of the study's languages), ``too-few-for-chart``.
    """
    if post.audience in TO_EVERYBODY:
        raise Refusal("needs-approval")
    if missing(post.kind, words_of(session, post), languages):
        raise Refusal("post-incomplete")
    if (chart is None) != (post.scale is None):
        raise ValueError("a post is published with the chart that was chosen for it, and with no other")
    if chart is not None:
        refuse_too_few(chart)
    kept = None if chart is None else chart.model_dump(mode="json")
    claim(session, post, seen, {"published_at": at, "chart": kept})


def withdraw(session: Session, post: Post, at: datetime) -> bool:
    """Take a published post back: participants no longer see it. False if that had been done before."""
    is_out = (Post.published_at.is_not(None), Post.withdrawn_at.is_(None))
    return once.change(session, post, is_out, {"withdrawn_at": at})


def discard(session: Session, post: Post, seen: int) -> None:
    """Throw the revision ``seen`` of a draft away. Refusals: those of ``claim``."""
    claim(session, post, seen, {})
    session.execute(delete(PostText).where(PostText.post_id == post.id))
    session.delete(post)
    session.flush()


def missing(kind: str, words: Mapping[str, Words], languages: Iterable[str]) -> list[Flaw]:
    """The empty texts that a post of that kind needs before it can be published."""
    return [
        Flaw(language, text, "missing")
        for language in languages
        for text in KINDS[kind].texts
        if not getattr(words.get(language, Words()), text)
    ]


def too_long(kind: str, words: Mapping[str, Words]) -> list[Flaw]:
    """The texts that cannot be kept."""
    return [
        Flaw(language, text, "too-long")
        for language, written in words.items()
        for text in KINDS[kind].texts
        if len(clean(getattr(written, text))) > LONGEST[text]
    ]


def claim(session: Session, post: Post, seen: int, values: Mapping[str, object], *, is_proposed: bool = False) -> None:
    """Change the draft if it still is the one that was seen.

    ``is_proposed``: whether it has to be one that waits for approval, or must not be. Refusals: ``already-published``,
    ``already-proposed``, ``draft-changed``.
    """
    waits = Post.proposed_at.is_not(None) if is_proposed else Post.proposed_at.is_(None)
    still = (Post.revision == seen, Post.published_at.is_(None), waits)
    if not once.change(session, post, still, {"revision": seen + 1, **values}):
        if post.published_at is not None:
            raise Refusal("already-published")
        raise Refusal("already-proposed" if post.proposed_at is not None and not is_proposed else "draft-changed")


def _refuse_audience(kind: str, draft: Draft) -> None:
    if draft.audience not in KINDS[kind].audiences:
        raise Refusal("unknown-audience")


def _chart_of(kind: str, draft: Draft) -> dict[str, str | None]:
    chart = draft.chart if KINDS[kind].has_chart else None
    return {"instrument": chart.instrument if chart else None, "scale": chart.scale if chart else None}


def _refuse_too_long(kind: str, words: Mapping[str, Words]) -> None:
    if too_long(kind, words):
        raise Refusal("text-too-long")


def _is_stored(session: Session, post: Post, draft: Draft) -> bool:
    wanted = {language: _kept(post.kind, written) for language, written in draft.words.items()}
    chart = _chart_of(post.kind, draft)
    kept = (post.instrument, post.scale, post.audience)
    return wanted == words_of(session, post) and kept == (chart["instrument"], chart["scale"], draft.audience)


def _kept(kind: str, words: Words) -> Words:
    """The texts that a kind has, cleaned."""
    return Words(**{text: clean(getattr(words, text)) for text in KINDS[kind].texts})


def _write(session: Session, post: Post, words: Mapping[str, Words]) -> None:
    there = {row.language: row for row in session.scalars(select(PostText).where(PostText.post_id == post.id))}
    for language, written in words.items():
        row = there.get(language)
        if row is None:
            row = PostText(post_id=post.id, language=language)
            session.add(row)
        for text, kept in asdict(_kept(post.kind, written)).items():
            setattr(row, text, kept)
    session.flush()
