"""A questionnaire with a branch, walked without scripts: what is asked follows the answers so far."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Config
from app.factory import create_app
from app.responses.models import Submission, SubmissionScore
from app.web.limits import limiter
from tests.support import routed
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, fields_of, page_text
from tests.support.world import World
from tests.web.patient.test_questionnaire import post_screen, start

PAIN = {"q1": "3"}
NO_PAIN = {"q1": "1"}


@pytest.fixture
def app(config: Config, tmp_path: Path) -> Iterator[Flask]:
    application = create_app(replace(config, instruments=routed.install(tmp_path / "instruments")))
    application.config.update(TESTING=True)
    limiter.enabled = False
    yield application
    limiter.enabled = True
    application.extensions["weshare"].databases.close()


@pytest.fixture
def alice(client: Any, world: World) -> Any:
    worlds.sign_in(world, client, "alice")
    return client


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT)


def asked(client: Any, path: str) -> list[str]:
    return re.findall(r'data-item="(\w+)"', client.get(path).text)


def walk(client: Any, path: str, answers: dict[str, str]) -> tuple[list[str], str]:
    """Answer every screen on the way; the questions in the order in which they were met, and the last address."""
    met: list[str] = []
    while "/review" not in path:
        shown = asked(client, path)
        met += [item for item in shown if item not in met]
        path = post_screen(client, path, {item: answers[item] for item in shown if item in answers}).location
    return met, path


@pytest.mark.parametrize("layout", ["page", "item"])
def test_only_the_questions_on_the_path_are_asked(alice: Any, layout: str):
    """Seen failing when the screens were worked out without the answers."""
    met, review = walk(alice, start(alice, layout), {**NO_PAIN, "q4": "5"})
    assert ["q1", "q4"] == met
    assert "Was it in the back?" not in page_text(alice.get(review))


@pytest.mark.parametrize("layout", ["page", "item"])
def test_an_answer_opens_questions_on_the_same_page_and_on_the_next(alice: Any, layout: str):
    """Seen failing when the next page was the one with the next number."""
    met, _review = walk(alice, start(alice, layout), {**PAIN, "q2": "2", "q3": "4", "q4": "5"})
    assert ["q1", "q2", "q3", "q4"] == met


def test_a_question_that_was_just_opened_is_shown_without_a_reproach(alice: Any):
    path = start(alice)
    opened = post_screen(alice, path, PAIN).location
    assert ["q1", "q2"] == asked(alice, opened)
    assert "missing" not in opened


def test_a_code_that_is_no_answer_can_be_chosen_and_opens_nothing(alice: Any):
    path = start(alice)
    assert "Not for me" in page_text(alice.get(path))
    met, review = walk(alice, path, {"q1": "9", "q4": "5"})
    assert ["q1", "q4"] == met
    assert "Not for me" in page_text(alice.get(review))


def test_an_answer_off_the_path_is_kept_and_does_not_count(alice: Any, world: World):
    """Seen failing when the submission took every stored answer."""
    path = start(alice)
    walk(alice, path, {**PAIN, "q2": "4", "q3": "4", "q4": "5"})
    _met, review = walk(alice, path, {**NO_PAIN, "q4": "5"})
    text = page_text(alice.get(review))
    assert "2 of 2" in text or "2 sur 2" in text
    sent = alice.post(review.replace("/review", "/send"), data=fields_of(alice.get(review), "send"))
    assert sent.location.endswith("/done")
    with world.study() as session:
        assert {"q1": 1, "q4": 5} == session.scalars(select(Submission.answers)).one()
        scores = {one.scale: (one.value, one.answered, one.of) for one in session.scalars(select(SubmissionScore))}
    assert (0.0, 2, 2) == scores["PA"]  # q2 was surely skipped and counts as 1
    assert None is scores["G"][0]  # the fact is not known here: no score, and no crash


def test_answers_kept_on_a_branch_are_there_again_when_it_opens_again(alice: Any):
    path = start(alice)
    walk(alice, path, {**PAIN, "q2": "4", "q3": "4", "q4": "5"})
    walk(alice, path, NO_PAIN)
    _met, review = walk(alice, path, PAIN)
    assert "Very much" in page_text(alice.get(review))


def test_a_page_that_exists_no_longer_leads_to_the_review(alice: Any):
    """Seen failing with 404: an answer given in another window had closed the last page."""
    path = start(alice)
    post_screen(alice, path, NO_PAIN)
    gone = alice.get(path.replace("/page/1", "/page/3"))
    assert gone.location.endswith("/review")


def test_what_a_page_says_is_kept_although_its_number_belongs_to_another_page_by_now(alice: Any):
    """Seen failing when the posted items were taken from the address alone."""
    path = start(alice)
    post_screen(alice, path, {**PAIN, "q2": "2"})
    old = path.replace("/page/1", "/page/3")
    old_fields = {**fields_of(alice.get(old)), "answer-q4": "6", "go": "next"}
    post_screen(alice, path, NO_PAIN)
    assert alice.post(old, data=old_fields).location.endswith("/review")
    assert re.search(r'value="6"\s+checked', alice.get(path.replace("/page/1", "/page/2")).text)


def test_back_skips_what_is_not_asked(alice: Any):
    path = start(alice)
    second = post_screen(alice, path, NO_PAIN).location
    assert ["q4"] == asked(alice, second)
    assert ["q1"] == asked(alice, post_screen(alice, second, {}, go="back").location)


def test_the_results_of_somebody_with_a_gated_scale_are_shown(alice: Any):
    """Seen failing when a chart was drawn of a scale that does not go from 0 to 100."""
    _met, review = walk(alice, start(alice), {**NO_PAIN, "q4": "5"})
    alice.post(review.replace("/review", "/send"), data=fields_of(alice.get(review), "send"))
    text = page_text(alice.get("/account/results"))
    assert "Comfort" in text
    assert "Gated" not in text


def test_another_layout_is_opened_where_the_question_is(alice: Any):
    path = start(alice)
    second = post_screen(alice, path, NO_PAIN).location
    fields = fields_of(alice.get(second), "layout") | {"layout": "item"}
    assert alice.post(re.sub(r"/page/.*", "/layout", path), data=fields).location.endswith("/item/2")


def test_a_form_that_names_no_question_is_about_the_screen_of_its_address(alice: Any):
    """Seen failing when it was taken for a form about nothing."""
    path = start(alice)
    crafted = {"csrf_token": csrf_of(alice.get(path)), "go": "next"}
    assert "missing=1" in alice.post(path, data=crafted).location
    assert 404 == alice.post(path.replace("/page/1", "/page/3"), data=crafted).status_code
