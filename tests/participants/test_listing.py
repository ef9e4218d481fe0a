"""Which people a list shows, in which order, on which page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.participants import listing
from app.participants.listing import Page, Wanted
from app.participants.models import Participant
from app.participants.queries import Among
from app.scheduling.status import State
from app.studies.models import Site
from tests.participants.test_tallies import look
from tests.support import world as worlds
from tests.support.answers import answer_all
from tests.support.cohort import INCLUSION, enrol_cohort
from tests.support.world import AT, World


@pytest.fixture
def people(config, empty_databases) -> Iterator[tuple[World, Session]]:
    """Alice (S1) has answered, Dora (S2) has not; at S3 one is late and one, in arm B, came last. All were asked."""
    world = worlds.build(config, empty_databases)
    with world.study() as session:
        answer_all(session, world, "alice")
        enrol_cohort(session, world, 1, site="S3", included=INCLUSION - timedelta(days=20), prefix="K-1")
        enrol_cohort(session, world, 1, site="S3", arm="B", at=AT + timedelta(hours=1), prefix="T-1")
        look(session, AT)
        yield world, session


def found(people: tuple[World, Session], number: int = 1, **wanted) -> Page:
    world, session = people
    return listing.page(session, Among(world.study_id), Wanted(**wanted), number, AT)


def codes(people: tuple[World, Session], **wanted) -> list[str]:
    session = people[1]
    return [session.get_one(Participant, id).subject_code for id in found(people, **wanted).ids]


def test_all_by_subject_code_unless_asked_otherwise(people):
    assert ["H-001", "H-002", "K-1000", "T-1000"] == codes(people)


def test_by_site(people):
    site = people[1].scalars(select(Site.id).where(Site.code == "S3")).one()
    assert ["K-1000", "T-1000"] == codes(people, site_id=site)


def test_by_state_of_one_visit_or_of_any(people):
    assert ["H-001"] == codes(people, state=State.SUBMITTED)
    assert ["K-1000"] == codes(people, state=State.OVERDUE, visit="M0")
    assert [] == codes(people, state=State.OVERDUE, visit="M3")
    assert ["H-002", "T-1000"] == codes(people, state=State.OPEN)


def test_a_search_finds_a_part_of_the_code_in_any_case(people):
    assert ["T-1000"] == codes(people, search="t-1")
    assert ["H-001", "H-002"] == codes(people, search="h-0")
    assert [] == codes(people, search="%")


def test_what_closes_soonest_comes_first_and_nothing_else_is_listed(people):
    assert ["K-1000", "H-002", "T-1000"] == codes(people, order="attention")


def test_the_newest_first(people):
    assert "T-1000" == codes(people, order="newest")[0]


def test_by_arm_or_site(people):
    assert ["H-001", "H-002", "K-1000", "T-1000"] == codes(people, order="arm")
    assert ["H-001", "H-002", "K-1000", "T-1000"] == codes(people, order="site")


@pytest.mark.parametrize("search", ["", "-"])
def test_fifty_a_page_and_never_beyond_the_last(people, search: str):
    world, session = people
    enrol_cohort(session, world, 47)
    assert (50, 1, 2, 51) == shape(found(people, search=search))
    assert (1, 2, 2, 51) == shape(found(people, 2, search=search))
    assert found(people, 2, search=search) == found(people, 99, search=search)
    assert found(people, 1, search=search) == found(people, -3, search=search)
    assert (0, 1, 1, 0) == shape(found(people, search="nobody"))


def test_a_long_narrowed_list_is_cut_and_says_so(people, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 2)
    cut = found(people, search="-")
    assert (2, True) == (cut.total, cut.is_capped)
    assert not found(people).is_capped


def shape(page: Page) -> tuple[int, int, int, int]:
    return len(page.ids), page.number, page.pages, page.total
