"""Replies can be changed and taken back, and tell the study team a subject code and nothing else."""

from dataclasses import fields

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.announcements import news, replies
from app.announcements.replies import INTERESTED, NOT_INTERESTED, TAKEN_BACK, Interested, Reception
from app.errors import Refusal
from app.participants.enrol import withdraw
from app.participants.models import Participant
from tests.announcements.builders import LATER, published
from tests.support.world import ACCOUNTS, AT, World


def person(session: Session, world: World, name: str) -> Participant:
    return session.get_one(Participant, world.participants[name])


def sites_of(session: Session, world: World, name: str) -> tuple[int, ...]:
    return (person(session, world, name).site_id,)


def test_the_last_reply_counts(session: Session, world: World) -> None:
    post, alice = published(session, world, "trial"), person(session, world, "alice")
    for answer in (INTERESTED, NOT_INTERESTED):
        assert replies.reply(session, post, alice, answer, LATER)
        assert answer == replies.current(session, post.id, alice.id)
    assert Reception(0, 0, 1) == replies.receptions(session, world.study_id, None)[post.id]


def test_a_reply_taken_back_is_no_reply(session: Session, world: World) -> None:
    post, alice = published(session, world, "trial"), person(session, world, "alice")
    replies.reply(session, post, alice, INTERESTED, AT)
    assert replies.reply(session, post, alice, TAKEN_BACK, LATER)
    assert replies.current(session, post.id, alice.id) is None
    assert Reception() == replies.receptions(session, world.study_id, None)[post.id]
    assert [] == replies.interested(session, post, None)


def test_saying_the_same_again_adds_nothing(session: Session, world: World) -> None:
    post, alice = published(session, world, "trial"), person(session, world, "alice")
    assert not replies.reply(session, post, alice, TAKEN_BACK, AT)
    assert [True, False] == [replies.reply(session, post, alice, INTERESTED, AT) for _click in range(2)]


def test_an_unknown_reply_and_a_reply_to_a_summary_are_refused(session: Session, world: World) -> None:
    alice = person(session, world, "alice")
    for kind, answer in (("trial", "maybe"), ("summary", INTERESTED)):
        with pytest.raises(Refusal, match="unknown-reply"):
            replies.reply(session, published(session, world, kind), alice, answer, AT)


def test_the_team_sees_subject_codes_and_no_pseudonym(session: Session, world: World) -> None:
    post = published(session, world, "trial")
    for name in ("dora", "alice"):
        replies.reply(session, post, person(session, world, name), INTERESTED, LATER)
    found = replies.interested(session, post, None)
    assert ["H-001", "H-002"] == [one.subject_code for one in found]
    assert {"subject_code", "site_id", "since"} == {field.name for field in fields(Interested)}


def test_somebody_limited_to_some_sites_sees_those_only(session: Session, world: World) -> None:
    """Seen failing with the sites left out of either statement."""
    post = published(session, world, "trial")
    for name in ("alice", "dora"):
        replies.reply(session, post, person(session, world, name), INTERESTED, LATER)
        news.mark_read(session, ACCOUNTS[name], post, LATER)
    dora = sites_of(session, world, "dora")
    assert ["H-002"] == [one.subject_code for one in replies.interested(session, post, dora)]
    assert Reception(1, 1, 0) == replies.receptions(session, world.study_id, dora)[post.id]
    assert Reception(2, 2, 0) == replies.receptions(session, world.study_id, None)[post.id]


def test_whoever_left_the_study_is_no_longer_named(session: Session, world: World) -> None:
    """They can no longer see the announcement, so they could not take it back. Seen failing without the condition."""
    post, alice = published(session, world, "trial"), person(session, world, "alice")
    replies.reply(session, post, alice, INTERESTED, AT)
    withdraw(alice, LATER)
    session.flush()
    assert [] == replies.interested(session, post, None)


def test_a_list_of_interested_people_comes_page_by_page(session: Session, world: World) -> None:
    post = published(session, world, "trial")
    for name in ("alice", "dora"):
        replies.reply(session, post, person(session, world, name), INTERESTED, LATER)
    assert ["H-002"] == [one.subject_code for one in replies.interested(session, post, None, limit=1, offset=1)]


def test_a_post_that_nobody_read_has_no_reception(session: Session, world: World) -> None:
    assert {} == replies.receptions(session, world.study_id, None)
    assert session.scalars(select(Participant)).all()
