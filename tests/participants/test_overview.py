"""How a study stands, counted."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.participants import agenda, queries
from app.participants.models import Participant
from app.participants.overview import Overview, overview
from app.participants.queries import Among
from app.scheduling.status import State
from app.studies.queries import protocols, visits_of
from tests.support.answers import answer_all
from tests.support.cohort import enrol_cohort
from tests.support.world import AT, World


def counted(session: Session, world: World, at=AT) -> Overview:
    versions = protocols(session, world.study_id)
    people = queries.people(session, Among(world.study_id), versions, at)
    return overview(people, visits_of(versions.values()))


def make_available(session: Session, id: int, at=AT) -> None:
    participant = session.get_one(Participant, id)
    agenda.make_available(session, agenda.of_participants(session, [participant], at)[id], at)


def test_the_response_rate_counts_what_was_made_available(world: World):
    """Alice and one of three others answered; one was offered the visit and did not; two were never offered it."""
    with world.study() as session:
        cohort = enrol_cohort(session, world, 3)
        answer_all(session, world, "alice")
        answer_all(session, world, cohort[0])
        make_available(session, cohort[1])
        found = counted(session, world)
        assert (5, 0) == (found.people, found.withdrawn)
        assert (2, 3) == (found.total.answered, found.total.available)
        assert 66.67 == round(found.total.rate or 0, 2)
        first, *later = [count for _visit, count in found.visits]
        assert {State.SUBMITTED: 2, State.OPEN: 3} == dict(first.states)
        assert [{State.NOT_YET: 5}] * 2 == [dict(count.states) for count in later]


def test_nothing_made_available_gives_no_rate(world: World):
    with world.study() as session:
        assert counted(session, world).total.rate is None


def test_late_answers_are_answers(world: World):
    with world.study() as session:
        answer_all(session, world, "alice", at=AT + timedelta(days=20))
        found = counted(session, world, AT + timedelta(days=20)).total
        assert (1, 1, 1) == (found.answered, found.of(State.SUBMITTED_LATE), found.of(State.OVERDUE))


def test_every_visit_of_everybody_is_counted_once(world: World):
    with world.study() as session:
        enrol_cohort(session, world, 4)
        found = counted(session, world)
        assert 6 * 3 == sum(found.total.states.values())
        assert found.total.states == sum(
            (count.states for _visit, count in found.visits), start=type(found.total.states)()
        )


def test_a_study_without_people_counts_nothing():
    found = overview([], [])
    assert (0, 0, (), None) == (found.people, found.total.available, found.visits, found.total.rate)
