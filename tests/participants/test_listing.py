"""Which people a list shows, in which order, on which page."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.participants import listing, queries
from app.participants.listing import Wanted
from app.participants.queries import Among, Person
from app.scheduling.status import State
from app.studies.queries import protocols
from tests.support.answers import answer_all
from tests.support.cohort import INCLUSION, enrol_cohort
from tests.support.world import AT, World


def everybody(session: Session, world: World) -> list[Person]:
    return queries.people(session, Among(world.study_id), protocols(session, world.study_id), AT)


def codes(people: list[Person]) -> list[str]:
    return [person.subject_code for person in people]


@pytest.fixture
def people(world: World) -> list[Person]:
    """Alice (S1) has answered, Dora (S2) has not; at S3 one is late and one, in arm B, came last."""
    with world.study() as session:
        answer_all(session, world, "alice")
        enrol_cohort(session, world, 1, site="S3", included=INCLUSION - timedelta(days=20), prefix="K-1")
        enrol_cohort(session, world, 1, site="S3", arm="B", at=AT + timedelta(hours=1), prefix="a-1")
        return everybody(session, world)


def test_all_by_subject_code_unless_asked_otherwise(people: list[Person]):
    assert ["H-001", "H-002", "K-1000", "a-1000"] == codes(listing.matching(people, Wanted()))


def test_by_site(people: list[Person]):
    site = next(person.site_id for person in people if person.site_code == "S3")
    assert ["K-1000", "a-1000"] == codes(listing.matching(people, Wanted(site_id=site)))


def test_by_state_of_one_visit_or_of_any(people: list[Person]):
    def found(state: State, visit: str | None = None) -> list[str]:
        return codes(listing.matching(people, Wanted(state=state, visit=visit)))

    assert ["H-001"] == found(State.SUBMITTED)
    assert ["K-1000"] == found(State.OVERDUE, "M0")
    assert [] == found(State.OVERDUE, "M3")
    assert ["H-001", "H-002", "K-1000", "a-1000"] == found(State.NOT_YET)


def test_a_search_finds_a_part_of_the_code_in_any_case(people: list[Person]):
    assert ["a-1000"] == codes(listing.matching(people, Wanted(search="A-1")))
    assert ["H-001", "H-002"] == codes(listing.matching(people, Wanted(search="h-0")))
    assert [] == codes(listing.matching(people, Wanted(search="%")))


def test_who_needs_attention_comes_first(people: list[Person]):
    assert ["K-1000", "H-002", "a-1000", "H-001"] == codes(listing.matching(people, Wanted(order="attention")))


def test_the_newest_first(people: list[Person]):
    assert ["a-1000", "H-001", "H-002", "K-1000"] == codes(listing.matching(people, Wanted(order="newest")))


def test_by_arm_or_site(people: list[Person]):
    assert ["H-001", "H-002", "K-1000", "a-1000"] == codes(listing.matching(people, Wanted(order="arm")))
    assert ["H-001", "H-002", "K-1000", "a-1000"] == codes(listing.matching(people, Wanted(order="site")))


def test_fifty_a_page_and_never_beyond_the_last(world: World):
    with world.study() as session:
        enrol_cohort(session, world, 49)
        people = everybody(session, world)
    assert (50, 1, 2, 51) == shape(listing.page(people, 1))
    assert (1, 2, 2, 51) == shape(listing.page(people, 2))
    assert listing.page(people, 2) == listing.page(people, 99)
    assert listing.page(people, 1) == listing.page(people, -3)
    assert (0, 1, 1, 0) == shape(listing.page([], 1))


def shape(page: listing.Page) -> tuple[int, int, int, int]:
    return len(page.people), page.number, page.pages, page.total
