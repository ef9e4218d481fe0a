"""The study's mean course, together and by group."""

from typing import Any

import pytest
from flask import Flask

from tests.support.answers import answer_all
from tests.support.browser_form import page_text
from tests.support.cohort import enrol_cohort
from tests.support.page_tables import table_of
from tests.support.statements import statements
from tests.support.world import World

COURSE = "/studies/HORIZON/course"
NUMBERS = "Mean course in numbers"


def life(value: int) -> dict[str, int]:
    return {"q29": value, "q30": value}


@pytest.fixture
def compared(world: World) -> None:
    """Five people of group B with 0, 50, 50, 100, 100 points of life as a whole; Alice, of group A, with 100."""
    with world.study() as session:
        for id, value in zip(enrol_cohort(session, world, 5, arm="B"), (1, 4, 4, 7, 7), strict=True):
            answer_all(session, world, id, values=life(value))
        answer_all(session, world, "alice", values=life(7))
        session.commit()


@pytest.mark.usefixtures("compared")
def test_the_table_beside_the_chart_has_mean_interval_and_people(bob: Any):
    """By hand: mean 60, deviation 41.833, t(4) 2.77645, half width 51.943."""
    rows = table_of(bob.get(f"{COURSE}?by=arm"), NUMBERS)
    few = "Fewer than 5 answers: read with care"
    assert ["Visit", "Group", "Number of people", "Mean", "Confidence interval (95%)", "Note"] == rows[0]
    assert ["At the start", "Usual follow-up", "1", "100.0", "–", few] == rows[1]
    assert ["At the start", "Group B", "5", "60.0", "8.1 to 111.9", ""] == rows[2]
    assert ["At 3 months", "Usual follow-up", "0", "–", "–", ""] == rows[3]


@pytest.mark.usefixtures("compared")
def test_everybody_together_is_one_course(bob: Any):
    rows = table_of(bob.get(COURSE), NUMBERS)
    assert ["Visit", "Number of people", "Mean", "Confidence interval (95%)"] == rows[0]
    assert ["At the start", "6", "66.7"] == rows[1][:3]


@pytest.mark.usefixtures("compared")
def test_the_scale_is_chosen_by_the_address_in_its_own_direction(bob: Any):
    page = bob.get(f"{COURSE}?scale=weshare-core@1.0:FA")
    assert "Lower is better on this scale." in page_text(page)
    assert "Mean course of Fatigue (FA)" in page.text
    assert "33.3" == table_of(page, NUMBERS)[1][2]


@pytest.mark.usefixtures("compared")
def test_somebody_of_one_site_sees_the_mean_of_that_site(world: World, at_second_site: Any):
    assert "No scores yet" in page_text(at_second_site.get(COURSE))
    with world.study() as session:
        answer_all(session, world, "dora", values=life(1))
        session.commit()
    assert ["At the start", "1", "0.0"] == table_of(at_second_site.get(COURSE), NUMBERS)[1][:3]


def test_without_answers_there_is_no_chart(bob: Any):
    page = bob.get(COURSE)
    assert "No scores yet" in page_text(page)
    assert "chart-wide" not in page.text


def test_more_groups_than_shapes_are_a_table_only(world: World, bob: Any):
    with world.study() as session:
        for number in range(7):
            [id] = enrol_cohort(session, world, 1, arm=f"G{number}", prefix=f"G{number}-")
            answer_all(session, world, id)
        session.commit()
    page = bob.get(f"{COURSE}?by=arm")
    assert "too many groups" in page_text(page)
    assert 1 + 3 * 8 == len(table_of(page, NUMBERS))


@pytest.mark.parametrize("path", [COURSE, f"{COURSE}?by=arm"])
def test_statements_do_not_grow_with_answers(path: str, app: Flask, world: World, bob: Any):
    engine = app.extensions["weshare"].databases.study.engine
    with statements(engine) as few:
        assert 200 == bob.get(path).status_code
    with world.study() as session:
        for id in enrol_cohort(session, world, 40):
            answer_all(session, world, id)
        session.commit()
    with statements(engine) as many:
        assert 200 == bob.get(path).status_code
    assert len(many) == len(few) <= 8
