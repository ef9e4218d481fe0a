"""What a participant wants decides when a message leaves, and never makes one leave that would not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.errors import Refusal
from app.notices import choices, history
from app.participants.models import Participant
from tests.jobs.conftest import PostOffice
from tests.support.world import AT

# AT is 4 May 2026, 9 o'clock in Paris.
REMINDER = datetime(2026, 5, 8, 7, 0, tzinfo=UTC)


def wish(post_office: PostOffice, **wishes: object) -> None:
    with post_office.world.study() as session:
        row = choices.of_account(session, "acc-alice")
        for name, value in wishes.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()


def state(post_office: PostOffice) -> tuple[str, str | None]:
    notice = post_office.notices("alice")[-1]
    return notice.state, notice.problem


def to_alice(post_office: PostOffice) -> int:
    return [name for name, _message in post_office.messages()].count("Alice")


def test_whoever_rests_is_written_to_afterwards(post_office: PostOffice):
    wish(post_office, rests_until=AT + timedelta(days=1))
    post_office.run(AT)
    assert ("held", "resting") == state(post_office)
    assert AT + timedelta(days=1) == post_office.next_look("alice")
    post_office.run(AT + timedelta(days=1))
    assert 1 == to_alice(post_office)


def test_whoever_wants_no_messages_gets_none_until_saying_otherwise(post_office: PostOffice):
    wish(post_office, stopped_at=AT)
    post_office.run(AT)
    post_office.run(REMINDER)
    assert 0 == to_alice(post_office)
    assert {("held", "stopped")} == {(one.state, one.problem) for one in post_office.notices("alice")[-1:]}
    with post_office.world.study() as session:
        choices.start_again(session, "acc-alice", REMINDER)
        session.commit()
    post_office.run(REMINDER)
    assert 1 == to_alice(post_office)
    assert ("sent", None) == state(post_office)


def test_a_preferred_hour_is_waited_for_where_the_person_lives(post_office: PostOffice):
    """Seen failing with the hour taken for UTC."""
    wish(post_office, hour=18)
    post_office.run(AT)
    evening = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    assert ("held", "preferred-hour") == state(post_office)
    assert evening == post_office.next_look("alice")
    post_office.run(evening + timedelta(hours=2))
    assert 1 == to_alice(post_office)


def test_nobody_gets_more_than_so_many_messages_in_a_week(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choices, "WEEKLY_CAP", 1)
    post_office.run(AT)
    post_office.run(REMINDER)
    assert ("held", "weekly-cap") == state(post_office)
    post_office.run(AT + timedelta(days=7))
    assert 2 == to_alice(post_office)


def test_two_studies_of_one_person_make_one_message_on_the_same_day(post_office: PostOffice):
    """Each questionnaire keeps a link of its own. Seen failing with a letter for each participant."""
    with post_office.world.study() as session:
        other = Participant.id == post_office.world.participants["charlie"]
        session.execute(update(Participant).where(other).values(account_pseudonym="acc-alice"))
        session.commit()
    assert 2 == post_office.run(AT)["sent"]
    (mine,) = [message for name, message in post_office.messages() if name == "Alice"]
    assert "Plusieurs questionnaires sont ouverts" == mine.subject
    assert 2 == mine.text.count("http://localhost/l/")
    both = [*post_office.notices("alice"), *post_office.notices("charlie")]
    assert (1, {"sent"}) == (len({one.message_id for one in both}), {one.state for one in both})
    assert {} == post_office.run(AT)


def test_a_recalled_message_stays_and_can_be_sent_after_all(post_office: PostOffice):
    wish(post_office, rests_until=AT + timedelta(days=1))
    post_office.run(AT)
    study, (notice,) = post_office.world.study_id, post_office.notices("alice")
    with post_office.world.study() as session:
        history.recall(session, study, None, notice.id)
        session.commit()
    post_office.run(AT + timedelta(days=2))
    assert ("held", "recalled") == state(post_office)
    wish(post_office, rests_until=None)
    with post_office.world.study() as session:
        history.send_again(session, study, None, notice.id, AT + timedelta(days=2))
        session.commit()
    post_office.run(AT + timedelta(days=2))
    assert ("sent", None) == state(post_office)


def test_what_has_left_cannot_be_recalled_and_another_study_has_no_say(post_office: PostOffice):
    post_office.run(AT)
    (notice,) = post_office.notices("alice")
    with post_office.world.study() as session:
        for study in (post_office.world.study_id, post_office.world.study_id + 1):
            with pytest.raises(Refusal):
                history.recall(session, study, None, notice.id)


def test_the_next_tick_follows_a_message_that_has_to_wait(post_office: PostOffice):
    wish(post_office, rests_until=AT + timedelta(hours=1))
    post_office.run(AT)
    with post_office.world.study() as session:
        found = history.of_study(session, post_office.world.study_id, None, AT)
        looks = history.next_looks(session, post_office.world.study_id, None, AT + history.AHEAD)
    assert ["H-001"] == [line.subject for line in found.unsent[history.HOLDING]]
    assert post_office.world.participants["alice"] in looks
