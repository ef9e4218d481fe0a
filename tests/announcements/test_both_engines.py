"""A post's whole life on SQLite and on PostgreSQL."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.announcements import drafts, news, posts, replies
from app.announcements.charts import thaw
from app.announcements.drafts import Draft
from app.announcements.replies import INTERESTED, NOT_INTERESTED, Reception
from app.config import embedded
from app.db import Databases
from app.errors import Refusal
from app.participants.models import Participant
from tests.announcements.builders import ENERGY, LATER, SUMMARY, a_chart, a_draft, published, with_title
from tests.support import world as worlds
from tests.support.world import ACCOUNTS, AT, World

ALICE = ACCOUNTS["alice"]


@pytest.fixture
def either(empty_databases: Databases, tmp_path: Path) -> World:
    """The small world on either engine."""
    return worlds.build(embedded(tmp_path / "instance", "http://localhost"), empty_databases)


def test_a_summary_is_written_saved_published_and_read(either: World):
    words = {language: replace(text, body=f"{text.body}\x00") for language, text in SUMMARY.items()}
    with either.study() as session:
        post = a_draft(session, either, "summary", Draft(words, ENERGY))
        drafts.save(session, post, Draft(with_title("summary", "new"), ENERGY), 1, either.staff["bob"], AT)
        drafts.publish(session, post, ("fr", "en"), a_chart(), 2, AT)
        key = post.key
        session.commit()
    with either.study() as session:
        found = news.find(session, ALICE, key, "en", LATER)
        assert found is not None
        assert ("new", True) == (found.title, found.is_new)
        assert found.post.chart is not None
        assert a_chart() == thaw(found.post.chart)
        for _time in range(2):
            news.mark_read(session, ALICE, found.post, LATER)
        assert 0 == news.unread(session, ALICE, LATER)
        assert drafts.withdraw(session, found.post, LATER)
        assert [] == news.of_account(session, ALICE, "en", LATER)


def test_an_announcement_is_answered_muted_and_counted(either: World):
    with either.study() as session:
        post = published(session, either, "trial")
        alice = session.get_one(Participant, either.participants["alice"])
        for answer in (NOT_INTERESTED, INTERESTED):
            replies.reply(session, post, alice, answer, LATER)
        news.mark_read(session, ALICE, post, LATER)
        assert {post.id: Reception(1, 1, 0)} == replies.receptions(session, either.study_id, None)
        assert ["H-001"] == [one.subject_code for one in replies.interested(session, post, (alice.site_id,))]
        assert news.mute(session, ALICE, "trial", LATER)
        assert [True] == [one.is_muted for one in news.of_account(session, ALICE, "fr", LATER)]
        assert news.unmute(session, ALICE, "trial", LATER)


def test_a_draft_is_discarded_and_found_no_more(either: World):
    with either.study() as session:
        post = a_draft(session, either)
        drafts.discard(session, post, post.revision)
        assert [] == posts.of_study(session, either.study_id)
        assert posts.find(session, either.study_id, "\x00") is None
        assert news.find(session, ALICE, "\x00", "fr", LATER) is None


def test_of_two_who_read_the_same_revision_only_the_first_saves(either: World):
    """Seen failing with the revision compared in Python to an object read before the other one committed."""
    with either.study() as first:
        key = a_draft(first, either).key
        first.commit()
    assert either.databases.study is not None
    with either.databases.study.read() as late:
        post = posts.find(late, either.study_id, key)
        assert post is not None
        late.expunge(post)
        late.rollback()
        late.add(post)  # a new transaction, and the object as it was read before
        with either.study() as early:
            save(early, either, key, "early")
            early.commit()
        with pytest.raises(Refusal, match="draft-changed"):
            drafts.save(late, post, Draft(with_title("summary", "late")), 1, either.staff["bob"], LATER)


def save(session: Session, world: World, key: str, title: str) -> None:
    post = posts.find(session, world.study_id, key)
    assert post is not None
    drafts.save(session, post, Draft(with_title("summary", title)), 1, world.staff["bob"], LATER)
