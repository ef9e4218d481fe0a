"""Receipts and news: caused by what happened, wanted when their turn comes, sent once by the same machine."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.announcements import drafts, news
from app.announcements.drafts import Draft
from app.announcements.kinds import KINDS
from app.announcements.models import Post
from app.announcements.posts import Words
from app.jobs import letters, spread_news
from app.jobs.handing import pass_on
from app.notices import choices, outbox
from app.notices.models import Notice
from app.participants.enrol import record_event, withdraw
from app.participants.models import AccessLink, OccasionRecord, Participant
from app.scheduling.participation import Withdrawal
from app.studies.models import ProtocolVersion
from tests.jobs.conftest import PostOffice
from tests.jobs.test_send_notices import add_people
from tests.support.world import AT, protocol_document

NOON = AT + timedelta(hours=1)
RESULTS, NEWS, RECEIPT = (
    "Des résultats de votre étude",
    "Des nouvelles de votre étude",
    "Vos réponses sont bien arrivées",
)


def subjects(post_office: PostOffice, name: str = "Alice") -> list[str]:
    """What arrived, without the invitations that everybody got at first."""
    mine = [message.subject for reader, message in post_office.messages() if reader == name]
    return [subject for subject in mine if subject != "Un questionnaire est ouvert pour vous"]


def publish(post_office: PostOffice, kind: str = "summary", at: datetime = NOON) -> int:
    world = post_office.world
    with world.study() as session:
        texts = dict.fromkeys(KINDS[kind].texts, "Quelques mots.")
        draft = Draft({language: Words(**texts) for language in ("fr", "en")})
        post = drafts.start(session, world.study_id, kind, draft, world.staff["bob"], at)
        drafts.publish(session, post, ("fr", "en"), None, post.revision, at)
        session.commit()
        return post.id


def spread(post_office: PostOffice, at: datetime) -> dict[str, int]:
    world = post_office.world
    return dict(spread_news.run(world.databases, world.config, post_office.library, at=at))


def change(post_office: PostOffice, act: Callable[[Session, Participant], object]) -> None:
    with post_office.world.study() as session:
        act(session, post_office.participant("alice", session))
        session.commit()


def submit(post_office: PostOffice, at: datetime, *, on_paper: bool = False) -> None:
    """As the page of the last question does."""

    def act(session: Session, participant: Participant) -> None:
        visit = post_office.occasions("alice", session)[0]
        visit.submitted_at, visit.answered_at = at, at if on_paper else None
        participant.next_look_at = at

    change(post_office, act)


def want(post_office: PostOffice, receipts: bool | None) -> None:
    change(post_office, lambda session, _who: choices.want_receipts(session, "acc-alice", receipts))


def state(post_office: PostOffice, kind: str) -> tuple[str, str | None]:
    (notice,) = [one for one in post_office.notices("alice") if one.kind == kind]
    return notice.state, notice.problem


@pytest.fixture
def invited(post_office: PostOffice) -> PostOffice:
    """Everybody has had the invitation."""
    post_office.run(AT)
    return post_office


def test_whoever_wants_a_receipt_gets_one_and_only_one(invited: PostOffice):
    """Two things see to it. Seen failing without both: with those that were made before left out of sight, and with one
    that was sent taken over at the next look."""
    want(invited, True)
    submit(invited, NOON)
    assert {"looked": 1, "sent": 1} == invited.run(NOON)
    assert [RECEIPT] == subjects(invited)
    for minutes in range(1, 4):
        change(invited, lambda _session, who: setattr(who, "next_look_at", NOON))
        assert {"looked": 1} == invited.run(NOON + timedelta(minutes=minutes))
    assert [RECEIPT] == subjects(invited)


@pytest.mark.parametrize(("says_study", "wish", "expected"), [(False, None, 0), (True, None, 1), (True, False, 0)])
def test_the_persons_own_word_goes_before_the_studys(
    invited: PostOffice, says_study: bool, wish: bool | None, expected: int
):
    """Seen failing with the study's word alone."""
    document = protocol_document()
    for visit in document["visits"]:
        visit["receipt"] = says_study

    def publish_it(session: Session, who: Participant) -> None:
        session.get_one(ProtocolVersion, who.protocol_version_id).document = json.dumps(document)

    change(invited, publish_it)
    want(invited, wish)
    submit(invited, NOON)
    invited.run(NOON)
    assert expected == subjects(invited).count(RECEIPT)


def test_a_form_that_came_in_on_paper_and_one_sent_long_ago_get_no_receipt(invited: PostOffice):
    """Seen failing without the look at how it came in, and without an end."""
    want(invited, True)
    submit(invited, NOON, on_paper=True)
    invited.run(NOON)
    submit(invited, NOON)
    invited.run(NOON + timedelta(days=1))
    assert [] == subjects(invited)


def test_a_receipt_is_sent_at_once_or_not_at_all(invited: PostOffice):
    """In a rest it is dropped, not kept for later. Seen failing with receipts held like reminders."""
    want(invited, True)
    change(invited, lambda session, _who: choices.rest(session, "acc-alice", NOON + timedelta(days=1), None, AT))
    submit(invited, NOON)
    invited.run(NOON)
    invited.run(NOON + timedelta(hours=23))
    invited.run(NOON + timedelta(days=2))
    assert ([], ("skipped", None)) == (subjects(invited), state(invited, "receipt"))


def test_receipts_do_not_use_up_the_messages_of_the_week(invited: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """Seen failing with every message counted."""
    monkeypatch.setattr(choices, "WEEKLY_CAP", 2)
    want(invited, True)
    submit(invited, NOON)
    invited.run(NOON)
    publish(invited)
    spread(invited, NOON)
    invited.run(NOON)
    assert {RECEIPT, RESULTS} == set(subjects(invited))


@pytest.mark.parametrize(("kind", "subject"), [("summary", RESULTS), ("trial", NEWS), ("survey", NEWS)])
def test_what_is_published_is_told_once_to_everybody_of_that_study(invited: PostOffice, kind: str, subject: str):
    publish(invited, kind)
    assert {} == invited.run(NOON)
    assert {"made": 2, "posts": 1} == spread(invited, NOON)
    assert {} == spread(invited, NOON)
    assert {"looked": 2, "sent": 2} == invited.run(NOON)
    assert ([subject], [subject], []) == tuple(subjects(invited, name) for name in ("Alice", "Dora", "Charlie"))
    assert {} == invited.run(NOON)


def test_a_large_study_is_told_in_batches_and_nobody_is_left_out_or_told_twice(
    invited: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    """Seen failing with the place up to which it was told not kept, and with one message for two people."""
    add_people(invited, 7)
    invited.run(AT)
    monkeypatch.setattr(spread_news, "BATCH", 4)
    publish(invited)
    assert [{"made": 4, "parts": 1}, {"made": 4, "parts": 1}, {"made": 1, "posts": 1}, {}] == [
        spread(invited, NOON) for _number in range(4)
    ]
    assert 9 == invited.run(NOON)["sent"]
    with invited.world.study() as session:
        assert 9 == session.scalar(select(func.count()).where(Notice.kind == "results", Notice.state == "sent"))


def test_a_batch_that_is_cut_short_is_made_again_as_a_whole(invited: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """Seen failing with the place up to which it was told committed before the notices."""

    def is_cut_short(*_what: object) -> None:
        raise InterruptedError

    publish(invited)
    with monkeypatch.context() as cut:
        cut.setattr(outbox, "make_due", is_cut_short)
        with pytest.raises(InterruptedError):
            spread(invited, NOON)
    assert {"made": 2, "posts": 1} == spread(invited, NOON)


def test_news_never_keep_a_reminder_waiting(invited: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """While enough of it waits, no more is made. Seen failing with everything made at once."""
    monkeypatch.setattr(spread_news, "BATCH", 1)
    monkeypatch.setattr(spread_news, "MOST_WAITING", 1)
    publish(invited)
    assert [{"made": 1, "parts": 1}, {}] == [spread(invited, NOON) for _number in range(2)]
    invited.run(NOON)
    assert {"made": 1, "parts": 1} == spread(invited, NOON)


def test_what_is_published_at_night_does_not_fall_due_all_at_once_in_the_morning(
    invited: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    """Reminders would wait behind it. Seen failing with what waits for the morning not counted."""
    monkeypatch.setattr(spread_news, "BATCH", 1)
    monkeypatch.setattr(spread_news, "MOST_WAITING", 1)
    night = datetime(2026, 5, 4, 21, 0, tzinfo=UTC)
    publish(invited, at=night)
    spread(invited, night)
    invited.run(night)
    assert {} == spread(invited, night + timedelta(minutes=1))
    morning = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)
    invited.run(morning)
    assert {"made": 1, "parts": 1} == spread(invited, morning)


def test_two_posts_at_once_are_one_message(invited: PostOffice):
    for _number in range(2):
        publish(invited)
        spread(invited, NOON)
    invited.run(NOON)
    assert [RESULTS] == subjects(invited)
    assert 1 == len({one.message_id for one in invited.notices("alice") if one.kind == "results"})


def test_news_come_by_day_where_the_person_lives(invited: PostOffice):
    """23 o'clock in Paris waits for 8 in the morning. Seen failing with the hours of the server."""
    night = datetime(2026, 5, 4, 21, 0, tzinfo=UTC)
    publish(invited, at=night)
    spread(invited, night)
    invited.run(night)
    morning = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)
    assert ("held", "quiet-hours") == state(invited, "results")
    assert morning == invited.next_look("alice")
    invited.run(morning)
    assert [RESULTS] == subjects(invited)


def test_news_wait_for_the_hour_that_the_person_prefers_and_for_a_week_with_fewer_messages(
    invited: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    change(invited, lambda session, _who: choices.prefer(session, "acc-alice", None, 18))
    publish(invited)
    spread(invited, NOON)
    invited.run(NOON)
    evening = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    assert (("held", "preferred-hour"), evening) == (state(invited, "results"), invited.next_look("alice"))
    monkeypatch.setattr(choices, "WEEKLY_CAP", 1)
    invited.run(evening)
    assert ("held", "weekly-cap") == state(invited, "results")
    monkeypatch.setattr(choices, "WEEKLY_CAP", 2)
    invited.run(evening + timedelta(days=7))
    assert 1 == subjects(invited).count(RESULTS)


def dies(session: Session, who: Participant) -> None:
    """Its protocol ends with a death, which is dated."""
    version = session.get_one(ProtocolVersion, who.protocol_version_id)
    document = json.loads(version.document)
    document["events"]["death"] = {"title": {"fr": "Décès", "en": "Death"}, "kind": "death"}
    version.document = json.dumps(document)
    record_event(session, who, "death", date(2026, 5, 4), NOON, "staff:1")


SILENCERS: dict[str, Callable[[Session, Participant], object]] = {
    "left": lambda _session, who: withdraw(who, NOON),
    "no contact": lambda _session, who: withdraw(who, NOON, Withdrawal.FROM_CONTACT),
    "no use": lambda _session, who: withdraw(who, NOON, Withdrawal.FROM_USE),
    "died": dies,
    "read it": lambda session, _who: news.mark_read(session, "acc-alice", session.scalars(select(Post)).one(), NOON),
    "muted": lambda session, _who: news.mute(session, "acc-alice", "trial", NOON),
    "taken back": lambda session, _who: drafts.withdraw(session, session.scalars(select(Post)).one(), NOON),
}


@pytest.mark.parametrize("silencer", SILENCERS)
@pytest.mark.parametrize("when", ["before it is spread", "before it is sent"])
def test_nobody_is_told_who_may_not_be_or_knows(invited: PostOffice, silencer: str, when: str):
    """Nothing is claimed, whatever else would stop it later. Seen failing, for each, with that look at the facts left
    out of the claiming transaction."""
    alice = invited.world.participants["alice"]
    publish(invited, "trial")
    steps = [lambda: spread(invited, NOON), lambda: change(invited, SILENCERS[silencer])]
    for step in steps if when == "before it is sent" else reversed(steps):
        step()
    for look in (lambda: letters.claim(invited.office, [alice], NOON), lambda: invited.run(NOON) and []):
        change(invited, lambda _session, who: setattr(who, "next_look_at", NOON))
        assert [] == look()
    assert [] == subjects(invited)
    assert {"skipped"} >= {one.state for one in invited.notices("alice") if one.kind == "announcement"}


def test_whoever_leaves_after_the_claim_is_not_told(invited: PostOffice):
    """Seen failing with the second look taken at visits only."""
    publish(invited)
    spread(invited, NOON)
    (letter,) = letters.claim(invited.office, [invited.world.participants["alice"]], NOON)
    change(invited, SILENCERS["no contact"])
    assert not pass_on(invited.office, None, letter, NOON)
    assert ("skipped", None) == state(invited, "results")


def test_whoever_stopped_messages_is_told_when_wanting_them_again_while_it_is_news(invited: PostOffice):
    change(invited, lambda session, _who: choices.stop(session, "acc-alice", AT))
    publish(invited)
    spread(invited, NOON)
    invited.run(NOON)
    assert ("held", "stopped") == state(invited, "results")
    change(invited, lambda session, _who: choices.start_again(session, "acc-alice", NOON))
    invited.run(NOON)
    assert 1 == subjects(invited).count(RESULTS)


def test_what_is_no_news_any_more_is_told_to_nobody(invited: PostOffice):
    """The jobs stood still for two months. Seen failing without an end."""
    publish(invited)
    late = NOON + timedelta(days=60)
    assert {"posts": 1} == spread(invited, late)
    assert [] == subjects(invited)


def test_somebody_without_any_visit_is_told_too(invited: PostOffice):
    """Seen failing with nobody looked at who has no visits."""

    def undate(session: Session, who: Participant) -> None:
        session.execute(delete(AccessLink))
        session.execute(delete(Notice))
        session.execute(delete(OccasionRecord))
        record_event(session, who, "inclusion", None, AT, "staff:1")

    change(invited, undate)
    publish(invited)
    spread(invited, NOON)
    invited.run(NOON)
    assert [RESULTS] == subjects(invited)


def test_a_killed_sender_leaves_its_news_to_the_next_under_the_same_name(invited: PostOffice):
    publish(invited)
    spread(invited, NOON)
    (letter,) = letters.claim(invited.office, [invited.world.participants["alice"]], NOON)
    invited.run(NOON)
    assert [] == subjects(invited)
    invited.run(NOON + outbox.LEASE)
    assert [RESULTS] == subjects(invited)
    (notice,) = [one for one in invited.notices("alice") if one.kind == "results"]
    assert letter.message.message_id == notice.message_id
