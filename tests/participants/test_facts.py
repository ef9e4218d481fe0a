"""What a study knows about a participant: the last word counts, and the group is a fact like the others."""

from datetime import timedelta

from sqlalchemy import func, select

from app.participants import facts
from app.participants.models import Participant, ParticipantFact
from tests.support.world import AT, World


def test_the_last_recorded_value_counts_and_the_first_one_stays(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        facts.record(session, alice, "age", 61, AT, "staff:1")
        facts.record(session, alice, "age", 62.5, AT + timedelta(days=1), "staff:1")
        facts.record(session, alice, "sex", "female", AT, "staff:1")
        assert {"age": 62.5, "sex": "female", "arm": "A"} == facts.of(session, alice)
        assert 3 == session.scalar(select(func.count()).select_from(ParticipantFact))


def test_nothing_is_known_of_somebody_else(world: World):
    with world.study() as session:
        alice, dora = (session.get_one(Participant, world.participants[name]) for name in ("alice", "dora"))
        facts.record(session, alice, "age", 61, AT, "staff:1")
        assert {"arm": "A"} == facts.of(session, dora)


def test_who_is_in_no_group_has_no_group(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        alice.arm_id = None
        session.flush()
        assert {} == facts.of(session, alice)


def test_what_was_true_on_a_day_is_told_for_that_day(world: World):
    """Seen failing with the last recorded value whatever its day."""
    day = AT.date()
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        facts.record(session, alice, "stoma", 1, AT, "staff:1", day)
        facts.record(session, alice, "stoma", 0, AT, "staff:1")  # recorded later: how it always was before
        facts.record(session, alice, "sex", "female", AT, "staff:1")
        before = facts.of(session, alice, day - timedelta(days=1))
        assert {"stoma": 0, "sex": "female", "arm": "A"} == before
        assert {"stoma": 1, "sex": "female", "arm": "A"} == facts.of(session, alice, day) == facts.of(session, alice)


def test_what_is_not_known_after_all_is_not_known(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        facts.record(session, alice, "stoma", 1, AT, "staff:1")
        facts.record(session, alice, "stoma", None, AT, "staff:1")
        session.expire_all()
        assert {"arm": "A"} == facts.of(session, alice)
        assert [None, 1] == [row.value for row in facts.history(session, alice)["stoma"]]
