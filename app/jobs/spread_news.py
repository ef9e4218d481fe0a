"""From what was published to a notice for each reader, in batches, so that publishing takes no time in a page.

A few are made at a time and only while few wait, so that reminders never queue behind the news of a large study.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.announcements import telling
from app.announcements.kinds import ANNOUNCEMENTS
from app.announcements.models import Post
from app.config import Config
from app.consents import asking
from app.db import Databases
from app.jobs.offers import STUDY_NEWS
from app.jobs.tidings import CONSENT, NEWS
from app.notices import account_outbox, outbox
from app.notices.causes import CAUSES
from app.questionnaires.library import Library

BATCH: Final = 500
MOST_WAITING: Final = 2_000


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001
    """One batch of one thing in one transaction: made once, however many processes look at the same instant."""
    if databases.study is None:
        return Counter()
    with databases.study.write() as session:
        counts = _consent(session, at) or _post(session, at)
        session.commit()
        return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether there may be another batch."""
    return counts.total() > 0


def _post(session: Session, at: datetime) -> Counter[str]:
    """News of the post that waits longest."""
    post = telling.next_post(session, at)
    if post is None:
        return Counter()
    kind = kind_of(post)
    if not is_news(post, kind, at):
        post.told_at = at
        return Counter(posts=1)
    if _is_enough(session, (*NEWS, STUDY_NEWS), at):
        return Counter()
    readers = telling.next_readers(session, post, BATCH)
    outbox.make_due(session, readers, kind, f"{kind}:{post.id}", at)
    accounts = telling.next_accounts(session, post, BATCH - len(readers))
    account_outbox.make_due(session, accounts, STUDY_NEWS, f"{STUDY_NEWS}:{post.id}", at)
    telling.told(post, readers, accounts, BATCH, at)
    made = len(readers) + len(accounts)
    return Counter({"made": made, "parts" if post.told_at is None else "posts": 1})


def _consent(session: Session, at: datetime) -> Counter[str]:
    """The question whether people agree to the version that waits longest, unless a later one is asked about."""
    version = asking.next_version(session, at)
    if version is None:
        return Counter()
    if not asking.is_last(session, version):
        version.told_at = at
        return Counter(consents=1)
    if _is_enough(session, (CONSENT,), at):
        return Counter()
    people = asking.next_people(session, version, BATCH)
    outbox.make_due(session, people, CONSENT, f"{CONSENT}:{version.id}", at)
    asking.told(version, people, BATCH, at)
    return Counter({"made": len(people), "parts" if version.told_at is None else "consents": 1})


def _is_enough(session: Session, kinds: Sequence[str], at: datetime) -> bool:
    return outbox.waiting(session, kinds, at) >= MOST_WAITING


def kind_of(post: Post) -> str:
    """The message that tells of a post."""
    return "announcement" if post.kind in ANNOUNCEMENTS else "results"


def is_news(post: Post, kind: str, at: datetime) -> bool:
    """Whether it is still worth a message: the jobs may have stood still for weeks."""
    lasts = CAUSES[kind].lasts
    return post.published_at is not None and (lasts is None or at - post.published_at < lasts)
