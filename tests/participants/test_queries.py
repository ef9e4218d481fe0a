"""The people of a study with their visits, in two statements, at the sites that may be seen."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.participants import queries
from app.participants.enrol import record_event, withdraw
from app.participants.models import Participant
from app.participants.queries import Among, Person
from app.scheduling.status import State
from app.studies.queries import protocols
from tests.support.answers import answer_all
from tests.support.cohort import INCLUSION, enrol_cohort
from tests.support.statements import statements
from tests.support.world import AT, World


def people(session: Session, world: World, at=AT, **among) -> list[Person]:
    return queries.people(session, Among(world.study_id, **among), protocols(session, world.study_id), at)


def states(person: Person) -> list[str]:
    return [f"{one.occasion.visit_key} {one.state}" for one in person.visits]


def test_each_visit_stands_as_dates_and_facts_say(world: World):
    with world.study() as session:
        answer_all(session, world, "alice")
        alice, dora = people(session, world)
        assert ["M0 submitted", "M3 not-yet", "M6 not-yet"] == states(alice)
        assert ["M0 open", "M3 not-yet", "M6 not-yet"] == states(dora)
        assert ("H-001", "S1", "A") == (alice.subject_code, alice.site_code, alice.arm_key)


def test_a_later_look_finds_what_was_missed(world: World):
    with world.study() as session:
        alice, _dora = people(session, world, at=AT + timedelta(days=60))
        assert ["M0 expired", "M3 not-yet", "M6 not-yet"] == states(alice)


def test_the_last_date_recorded_for_an_event_counts(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        record_event(session, alice, "inclusion", date(2026, 1, 15), AT, "staff:1")
        found = people(session, world)[0]
        assert {"inclusion": date(2026, 1, 15)} == found.events
        assert ["M0 expired", "M3 overdue", "M6 not-yet"] == states(found)


def test_without_a_date_there_are_people_but_no_visits(world: World):
    with world.study() as session:
        [id] = enrol_cohort(session, world, 1)
        session.query(queries.ParticipantEvent).filter_by(participant_id=id).delete()
        found = next(one for one in people(session, world) if one.id == id)
        assert ({}, (), None) == (found.events, found.visits, found.visit("M0"))


def test_who_left_has_no_open_visit(world: World):
    with world.study() as session:
        withdraw(session.get_one(Participant, world.participants["alice"]), AT)
        assert {State.WITHDRAWN} == {one.state for one in people(session, world)[0].visits}


def test_only_the_people_of_the_sites_asked_about(world: World):
    """Seen failing when the sites were taken out of Among.conditions."""
    with world.study() as session:
        there = people(session, world)[1].site_id
        assert ["H-002"] == [one.subject_code for one in people(session, world, site_ids=(there,))]
        assert [] == people(session, world, site_ids=())


def test_a_person_is_found_by_subject_code_within_the_study_and_the_sites(world: World):
    with world.study() as session:
        versions = protocols(session, world.study_id)
        here, there = (one.site_id for one in people(session, world))

        def find(code: str, sites: tuple[int, ...] | None = None) -> Person | None:
            return queries.find(session, Among(world.study_id, sites, code), versions, AT)

        found = find("H-001")
        assert found is not None
        assert world.participants["alice"] == found.id
        assert find("H-001", (here,)) is not None
        assert find("H-001", (there,)) is None
        assert find("O-001") is None  # Charlie, of the other study


def test_two_statements_however_many_people(world: World):
    with world.study() as session:
        enrol_cohort(session, world, 30)
        versions = protocols(session, world.study_id)
        session.flush()
        assert world.databases.study is not None
        with statements(world.databases.study.engine) as sent:
            assert 32 == len(queries.people(session, Among(world.study_id), versions, AT))
        assert 2 == len(sent)


def test_sites_are_counted_by_study(world: World):
    with world.study() as session:
        enrol_cohort(session, world, 3, site="S2", included=INCLUSION)
        counts = queries.count_by_site(session, [world.study_id])
        assert [1, 4] == sorted(counts.values())
