"""News of the demonstration's study: written, published, read and replied to at their simulated instants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.announcements import drafts, news, replies
from app.announcements.charts import Choice, CoursePoint, FrozenChart, ScaleWords, freeze
from app.announcements.drafts import Draft
from app.announcements.kinds import KINDS
from app.announcements.models import Post
from app.audit import trail
from app.demo import news_texts
from app.demo.cast import Character, Part
from app.demo.design import INSTRUMENT, LANGUAGES
from app.demo.founding import Founded
from app.demo.news_texts import Texts
from app.participants.models import Participant
from app.questionnaires.elements import ScaleId
from app.questionnaires.library import Library
from app.responses.queries import mean_course

READ, INTERESTED, NOT_INTERESTED = 0.55, 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Planned:
    """One post: its kind and texts, the scale of its chart if any, when it is saved, and whether it is published."""

    kind: str
    texts: Texts
    at: datetime
    scale: str | None = None
    is_published: bool = True


def posts(at: datetime) -> tuple[Planned, ...]:
    """What the team wrote in the last weeks."""
    return (
        Planned("survey", news_texts.SURVEY, at - timedelta(days=16, hours=4)),
        Planned("trial", news_texts.TRIAL, at - timedelta(days=6, hours=2)),
        Planned("summary", news_texts.SUMMARY, at - timedelta(days=2, hours=3), scale="FA"),
        Planned("summary", news_texts.DRAFT, at - timedelta(hours=20), scale="SL", is_published=False),
    )


def write(session: Session, library: Library, founded: Founded, planned: Planned) -> int:
    """The team saves a post and, if that is the plan, publishes it with the chart as it is then. The post's id."""
    choice = Choice(INSTRUMENT, planned.scale) if planned.scale else None
    post = drafts.start(session, founded.study, planned.kind, Draft(planned.texts, choice), founded.staff, planned.at)
    if planned.is_published:
        chart = _chart(session, library, founded.study, choice, planned.at) if choice else None
        drafts.publish(session, post, LANGUAGES, chart, post.revision, planned.at)
        facts: Mapping[str, object] = {"kind": planned.kind}
        trail.record(session, planned.at, f"staff:{founded.staff}", "post.published", f"post:{post.key}", facts)
    return post.id


def receive(
    session: Session, people: Mapping[int, Character], post_id: int, since: datetime, at: datetime, seed: int
) -> None:
    """In the days since, many read a post and some reply. Alice finds it unread."""
    post = session.get_one(Post, post_id)
    for participant in session.scalars(select(Participant).where(Participant.id.in_(people)).order_by(Participant.id)):
        who = people[participant.id]
        random = np.random.default_rng((seed, 2, who.number, post_id))
        read_at = max(since, who.enrolled_at) + random.uniform(0.02, 0.9) * (at - max(since, who.enrolled_at))
        if who.part is Part.ALICE or participant.withdrawn_at is not None or random.random() > READ:
            continue
        news.mark_read(session, participant.account_pseudonym, post, read_at)
        mood = random.random()
        if KINDS[post.kind].is_announcement and mood < INTERESTED + NOT_INTERESTED:
            answer = replies.INTERESTED if mood < INTERESTED else replies.NOT_INTERESTED
            replies.reply(session, post, participant, answer, read_at + timedelta(minutes=2))


def _chart(session: Session, library: Library, study: int, choice: Choice, at: datetime) -> FrozenChart:
    """The study's mean course as participants may see it."""
    scale = ScaleId(choice.scale)
    words = {}
    for language in LANGUAGES:
        text = library.wording(choice.instrument, language).scales[scale]
        words[language] = ScaleWords(name=text.name, explanation=text.explanation, low=text.low, high=text.high)
    course = mean_course(session, study, choice.instrument, choice.scale)[0]
    points = [CoursePoint(stop.titles, stop.position, stop.mean, stop.low, stop.high, stop.n) for stop in course.stops]
    return freeze(choice, library.instrument(choice.instrument).scales[scale], words, points, at)
