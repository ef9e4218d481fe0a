"""From a published post to a notice for each participant, in batches, so that publishing takes no time in a page.

A few are made at a time and only while few wait, so that reminders never queue behind the news of a large study.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from app.announcements import telling
from app.announcements.kinds import ANNOUNCEMENTS
from app.announcements.models import Post
from app.config import Config
from app.db import Databases
from app.jobs.tidings import NEWS
from app.notices import outbox
from app.notices.causes import CAUSES
from app.questionnaires.library import Library

BATCH: Final = 500
MOST_WAITING: Final = 2_000


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001
    """One batch of one post in one transaction: made once, however many processes look at the same instant."""
    counts: Counter[str] = Counter()
    if databases.study is None:
        return counts
    with databases.study.write() as session:
        post = telling.next_post(session, at)
        if post is None:
            return counts
        kind = kind_of(post)
        if is_news(post, kind, at):
            if outbox.waiting(session, NEWS, at) >= MOST_WAITING:
                return counts
            readers = telling.next_readers(session, post, BATCH)
            outbox.make_due(session, readers, kind, f"{kind}:{post.id}", at)
            telling.told(post, readers, BATCH, at)
            counts["made"] = len(readers)
        else:
            post.told_at = at
        session.commit()
        counts["posts" if post.told_at is not None else "parts"] += 1
    return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether there may be another batch."""
    return counts.total() > 0


def kind_of(post: Post) -> str:
    """The message that tells of a post."""
    return "announcement" if post.kind in ANNOUNCEMENTS else "results"


def is_news(post: Post, kind: str, at: datetime) -> bool:
    """Whether it is still worth a message: the jobs may have stood still for weeks."""
    lasts = CAUSES[kind].lasts
    return post.published_at is not None and (lasts is None or at - post.published_at < lasts)
