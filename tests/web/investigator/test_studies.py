"""A study at a glance, and the list of its people as it was asked for."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.participants import listing
from app.scheduling.status import State
from app.web.investigator.words import ORDERS, STATES
from tests.participants.test_tallies import look
from tests.support.answers import answer_all
from tests.support.browser_form import page_text
from tests.support.cohort import INCLUSION, enrol_cohort
from tests.support.page_tables import table_of, tables_of
from tests.support.signing_in import Clock
from tests.support.statements import statements
from tests.support.world import AT, World

COUNTS = "Number of participants by visit and state"
PEOPLE = "Participants and their visits"


@pytest.fixture
def crowded(world: World) -> World:
    """Alice has answered; of the 60 of S3, included a month before, those of the first half were never asked."""
    with world.study() as session:
        answer_all(session, world, "alice")
        enrol_cohort(session, world, 60, site="S3", arm="B", included=INCLUSION - timedelta(days=20), prefix="K-")
        look(session, AT)
        session.commit()
    return world


def codes(response: Any) -> list[str]:
    return [row[0] for row in table_of(response, PEOPLE)[1:]]


def test_every_state_and_order_has_its_words():
    assert set(State) == set(STATES)
    assert set(listing.ORDERS) == set(ORDERS)


def test_the_list_of_studies_counts_the_people_one_may_see(bob: Any, at_second_site: Any):
    assert "2 participants" in page_text(bob.get("/studies"))
    limited = page_text(at_second_site.get("/studies"))
    assert "1 participant" in limited
    assert "Only these sites: Centre 2" in limited


def test_counts_by_visit_and_the_response_rate_with_what_it_is_of(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        look(session, AT)
        session.commit()
    page = bob.get("/studies/HORIZON")
    header, *rows = table_of(page, COUNTS)
    counts = {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}
    assert ["At the start", "At 3 months", "At 6 months", "Together"] == list(counts)
    first = counts["At the start"]
    assert ("2", "1", "1", "50%") == tuple(
        first[name] for name in ("Made available", "Answered", "Open", "Response rate")
    )
    assert "–" == counts["At 3 months"]["Response rate"]
    assert "1 answered of 2 visits made available" in " ".join(page_text(page).split())


def test_counts_by_site(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        look(session, AT)
        session.commit()
    header, *rows = table_of(bob.get("/studies/HORIZON"), "Number of visits by site and state")
    answered = header.index("Answered")
    assert [["Centre 1", "1"], ["Centre 2", "0"]] == [[row[0], row[answered]] for row in rows]


def test_the_counts_as_a_file_name_every_denominator(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        look(session, AT)
        session.commit()
    file = bob.get("/studies/HORIZON/counts.csv")
    lines = file.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith('"site","visit","made_available","open"')
    assert lines[1].startswith('"S1","M0",1,0,0,0,1')
    assert 1 + 2 * 3 == len(lines)


def test_each_person_has_one_state_a_visit_in_words(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        session.commit()
    expected = [
        ["Subject code", "Site", "Group", "At the start", "At 3 months", "At 6 months"],
        ["H-001", "Centre 1", "Usual follow-up", "Answered", "Not open yet", "Not open yet"],
        ["H-002", "Centre 2", "Usual follow-up", "Open", "Not open yet", "Not open yet"],
    ]
    assert expected == table_of(bob.get("/studies/HORIZON"), PEOPLE)


@pytest.mark.usefixtures("crowded")
def test_the_address_narrows_the_list(bob: Any):
    assert ["H-001"] == codes(bob.get("/studies/HORIZON?site=S1"))
    assert ["H-001"] == codes(bob.get("/studies/HORIZON?state=submitted&visit=M0"))
    assert ["H-002"] == codes(bob.get("/studies/HORIZON?state=open"))
    assert ["K-007"] == codes(bob.get("/studies/HORIZON?q=k-007"))
    assert ["K-000", "K-001"] == codes(bob.get("/studies/HORIZON?sort=attention"))[:2]


def test_one_visit_gives_one_column(bob: Any):
    assert ["Subject code", "Site", "Group", "At 3 months"] == table_of(bob.get("/studies/HORIZON?visit=M3"), PEOPLE)[0]


@pytest.mark.usefixtures("crowded")
def test_fifty_a_page_and_the_filter_goes_along(bob: Any):
    first = bob.get("/studies/HORIZON?site=S3")
    second = bob.get("/studies/HORIZON?site=S3&page=2")
    assert (50, 10) == (len(codes(first)), len(codes(second)))
    assert "60 participants" in page_text(first)
    assert "/studies/HORIZON?page=2&amp;site=S3#participants" in first.text


@pytest.mark.parametrize("query", ["site=no", "visit=no", "state=no", "sort=no", "page=no", "page=-1", "page=9" * 9])
def test_what_is_not_there_is_not_asked_for(query: str, bob: Any):
    assert ["H-001", "H-002"] == codes(bob.get(f"/studies/HORIZON?{query}"))


def test_nobody_who_fits_is_said_so(bob: Any):
    page = bob.get("/studies/HORIZON?q=%3Cscript%3E")
    assert PEOPLE not in tables_of(page)
    assert "No participant fits" in page_text(page)
    assert "<script>" not in page.text


@pytest.mark.usefixtures("crowded")
def test_somebody_of_one_site_sees_its_counts_and_people(at_second_site: Any):
    page = at_second_site.get("/studies/HORIZON")
    assert ["H-002"] == codes(page)
    assert "You see the participants of these sites: Centre 2." in page_text(page)
    header, *rows = table_of(page, COUNTS)
    assert ["0", "0", "0", "0"] == [row[header.index("Answered")] for row in rows]
    assert ["H-002"] == codes(at_second_site.get("/studies/HORIZON?site=S1"))


def test_later_everything_moves_on(signed_in: Any, clock: Clock):
    clock.wait(days=60)
    states = table_of(signed_in("bob").get("/studies/HORIZON"), PEOPLE)[1][3:]
    assert ["Expired", "Not open yet", "Not open yet"] == states


@pytest.mark.parametrize("path", ["/studies", "/studies/HORIZON", "/studies/HORIZON?state=submitted&sort=attention"])
def test_statements_do_not_grow_with_people(path: str, app: Flask, world: World, bob: Any):
    engine = app.extensions["weshare"].databases.study.engine
    with statements(engine) as few:
        assert 200 == bob.get(path).status_code
    with world.study() as session:
        for id in enrol_cohort(session, world, 40):
            answer_all(session, world, id)
        session.commit()
    with statements(engine) as many:
        assert 200 == bob.get(path).status_code
    assert len(many) <= 12
    assert len(many) - len(few) <= 2  # somebody to list, and whoever is in it


def test_the_page_is_there_in_french(signed_in: Any):
    page = signed_in("bob", "fr").get("/studies/HORIZON")
    assert 'lang="fr"' in page.text
    assert "Étude HORIZON" in page_text(page)
    assert "À 3 mois" in page_text(page)
