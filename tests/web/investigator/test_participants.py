"""One participant's course, by subject code."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.participants.enrol import withdraw
from app.participants.models import Participant
from app.questionnaires.answers import DECLINED
from app.web.investigator.participants import last_day
from tests.support.answers import answer_all
from tests.support.browser_form import page_text
from tests.support.page_tables import table_of
from tests.support.statements import statements
from tests.support.world import AT, World

ALICE = "/studies/HORIZON/participants/H-001"
SCORES = "Your days and your well-being: all scores, from 0 to 100"
M3 = AT + timedelta(days=92)


def answered(world: World) -> None:
    """Alice answers twice: with three of five questions on moving left out, then with everything easy."""
    with world.study() as session:
        answer_all(session, world, "alice", values=dict.fromkeys(["q1", "q2", "q3"], DECLINED))
        answer_all(session, world, "alice", "M3", M3, {f"q{number}": 1 for number in range(1, 29)}, language="en")
        session.commit()


def test_planned_dates_are_days_where_the_participant_lives(bob: Any):
    header, first, *_later = table_of(bob.get(ALICE), "Planned dates and state")
    assert ["Visit", "State", "Opens", "Invitation", "Due by", "Closes after"] == header
    assert first.pop(1).startswith("Open")
    expected = ["At the start", "24 April 2026", "1 May 2026, 09:00", "15 May 2026", "29 May 2026"]
    assert expected == first


def test_what_happened_when_and_in_which_language(world: World, bob: Any):
    answered(world)
    _header, first, second, third = table_of(bob.get(ALICE), "What happened")
    assert ["At the start", *["4 May 2026, 11:00"] * 4, "French"] == first
    assert "English" == second[-1]
    assert ["At 6 months", *["–"] * 5] == third


def test_scores_by_scale_and_visit_with_the_reason_where_there_is_none(world: World, bob: Any):
    answered(world)
    rows = {row[0]: row[1:] for row in table_of(bob.get(ALICE), SCORES)}
    assert ["higher", "— 2 of 5 questions answered; at least 3 needed", "100.0"] == rows["Physical functioning (PF)"]
    assert ["lower", "33.3", "0.0"] == rows["Pain (PA)"]
    assert 16 == len(rows)


def test_a_scale_is_chosen_by_the_address_and_shown_as_it_is_scored(world: World, bob: Any):
    answered(world)
    page = bob.get(f"{ALICE}?scale=weshare-core@1.0:PA")
    assert "Pain (PA): the course of H-001" in page.text
    assert "Lower is better on this scale. 0 means: pain plays no part." in " ".join(page_text(page).split())
    assert 1 == page.text.count('class="chart chart-wide"')
    assert '<option value="weshare-core@1.0:PA" selected>' in page.text


@pytest.mark.parametrize("scale", ["", "no", "weshare-core@1.0:XX", "<script>"])
def test_a_scale_that_is_not_there_is_the_first_one(scale: str, world: World, bob: Any):
    answered(world)
    page = bob.get(ALICE, query_string={"scale": scale})
    assert "Global quality of life (QL): the course of H-001" in page.text


def test_before_the_first_answers_there_are_no_scores(bob: Any):
    page = page_text(bob.get(ALICE))
    assert "No scores yet" in page
    assert "Inclusion" in page
    assert "1 May 2026" in page


def test_who_left_is_said_so(world: World, bob: Any):
    with world.study() as session:
        withdraw(session.get_one(Participant, world.participants["alice"]), AT)
        session.commit()
    page = bob.get(ALICE)
    assert "Left the study on" in page_text(page)
    assert table_of(page, "Planned dates and state")[1][1].startswith("Withdrawn")


def test_the_last_day_is_the_one_before_midnight_also_when_clocks_change():
    paris = ZoneInfo("Europe/Paris")
    assert 29 == last_day(datetime(2026, 3, 29, 22, 0, tzinfo=UTC), paris).day  # 30 March, 00:00, summer time
    assert 28 == last_day(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), paris).day  # 29 March, 00:00, winter time


def test_at_most_eight_statements_however_much_was_sent(app: Flask, world: World, bob: Any):
    engine = app.extensions["weshare"].databases.study.engine
    with statements(engine) as before:
        assert 200 == bob.get(ALICE).status_code
    answered(world)
    with statements(engine) as after:
        assert 200 == bob.get(ALICE).status_code
    assert len(after) == len(before) <= 8


def test_the_page_is_there_in_french(world: World, signed_in: Any):
    answered(world)
    text = page_text(signed_in("bob", "fr").get(ALICE))
    assert "4 mai 2026, 11:00" in text
    assert "français" in text
