"""The rules of the way, by a tiny instrument each: checks, what must be answered, facts and scores, adaptive tests."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.participants import facts
from app.participants.models import Participant
from app.responses.models import Submission, SubmissionScore
from tests.support import world as worlds
from tests.support.browser_form import fields_of, page_text
from tests.support.feature_browser import FeatureBrowser

OpenFeature = Callable[[str], FeatureBrowser]


def test_a_soft_check_asks_once_and_lets_go_on(open_feature: OpenFeature):
    browser = open_feature("checks")
    asked = browser.post({"answer-p1": "7", "answer-p2": "2"})
    assert "look=both" in asked.location
    assert "walked as well" in page_text(browser.get(asked.location))
    on = browser.client.post(browser.start, data={**fields_of(browser.get(asked.location)), "go": "next"})
    assert on.location.endswith("/page/2")


def test_a_soft_check_asks_again_about_other_answers(open_feature: OpenFeature):
    """Seen failing when a check was told once and for all."""
    browser = open_feature("checks")
    asked = browser.post({"answer-p1": "7", "answer-p2": "2"})
    changed = {**fields_of(browser.get(asked.location)), "answer-p2": "3", "go": "next"}
    assert "look=both" in browser.client.post(browser.start, data=changed).location


def test_a_hard_check_refuses_at_the_screen_and_before_sending(open_feature: OpenFeature):
    browser = open_feature("checks")
    browser.post({"answer-p1": "7", "answer-p2": "0"})
    second = browser.start.replace("/page/1", "/page/2")
    refused = browser.post({"answer-p3": "5"}, second)
    assert "look=work" in refused.location
    page = browser.get(refused.location)
    assert 'role="alert"' in page.text
    assert "Nobody can stay in bed" in page_text(page)
    assert browser.send().location.endswith("/review?look=1")
    assert "Nobody can stay in bed" in browser.review()
    with browser.world.study() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Submission))
    browser.post({"answer-p3": "0"}, second)
    assert browser.send().location.endswith("/done")


def test_a_required_question_cannot_be_left_out(open_feature: OpenFeature):
    browser = open_feature("required")
    page = browser.get(browser.start)
    assert 'id="q1-declined"' not in page.text
    assert 'id="q2-declined"' in page.text
    asked = browser.post({})
    assert "Choose an answer." in page_text(browser.get(asked.location))
    assert 400 == browser.save("q1", "declined").status_code
    assert 400 == browser.post({"answer-q1": "declined"}).status_code
    assert browser.send(leave_out="1").location.endswith("/review?missing=1")
    assert "cannot be left out" in page_text(browser.get(f"/q/{browser.sheet.key}/review?missing=1"))
    browser.post({"answer-q1": "1"})
    assert browser.send(leave_out="1").location.endswith("/done")


def test_scores_and_facts_decide_on_the_way(open_feature: OpenFeature):
    """w3 is asked of the tired, w5 of group A, w6 of those of whom the study knows that they are 62 or older."""
    browser = open_feature("routing")
    second = browser.post({"answer-w1": "4", "answer-w2": "3"}).location
    assert ["w3"] == re.findall(r'data-item="(\w+)"', browser.get(second).text)
    browser.post({"answer-w3": ["1", "2"]}, second)
    assert ["w3", "w4"] == re.findall(r'data-item="(\w+)"', browser.get(second).text)
    browser.post({"answer-w3": ["1"]}, second)
    browser.post({"answer-w1": "1", "answer-w2": "1"})
    assert ["w5"] == re.findall(r'data-item="(\w+)"', browser.get(second).text)
    with browser.world.study() as session:
        participant = session.get_one(Participant, browser.world.participants["alice"])
        facts.record(session, participant, "age", 50, worlds.AT, "staff:1")
        facts.record(session, participant, "age", 70, worlds.AT, "staff:1")
        session.commit()
    assert ["w5", "w6"] == re.findall(r'data-item="(\w+)"', browser.get(second).text)
    browser.post({"answer-w5": "2", "answer-w6": "3"}, second)
    assert "2 more questions do not concern you and were not asked." in browser.review()
    assert browser.send().location.endswith("/done")
    with browser.world.study() as session:
        sent = session.scalars(select(Submission)).one()
        assert ({"w1": 1, "w2": 1, "w5": 2, "w6": 3}, {"arm": "A", "age": 70}) == (sent.answers, sent.facts)
        assert ["w3", "w4"] == sent.skipped


def test_an_adaptive_test_asks_item_by_item_stops_by_its_rule_and_freezes_its_course(open_feature: OpenFeature):
    browser = open_feature("adaptive")
    path, asked = browser.start, []
    while "/review" not in path:
        (item,) = re.findall(r'data-item="(\w+)"', browser.get(path).text)
        asked.append(item)
        path = browser.post({f"answer-{item}": "3"}, path).location
    assert ["a3", "a1", "a5", "a2"] == asked
    assert browser.send().location.endswith("/done")
    with browser.world.study() as session:
        sent = session.scalars(select(Submission)).one()
        assert ["a3", "a1", "a5", "a2", None] == [step["item"] for step in sent.course or ()]
        assert "precise-enough" == (sent.course or ())[-1]["stopped"]
        assert [1.0, 0.496, 0.387, 0.355, 0.321] == [round(step["error"], 3) for step in sent.course or ()]
        assert (set(asked), []) == (set(sent.answers), sent.skipped)
        score = session.scalars(select(SubmissionScore)).one()
        assert pytest.approx(50 + 10 * (sent.course or ())[-1]["theta"]) == score.value


def test_a_changed_answer_sends_an_adaptive_test_another_way_and_what_was_answered_is_kept(open_feature: OpenFeature):
    browser = open_feature("adaptive")
    first = browser.start
    second = browser.post({"answer-a3": "3"}).location
    assert ["a1"] == re.findall(r'data-item="(\w+)"', browser.get(second).text)
    third = browser.post({"answer-a1": "3"}, second).location
    assert browser.post({}, third, go="back").location == second
    again = browser.post({"answer-a3": "5"}, first).location
    (item,) = re.findall(r'data-item="(\w+)"', browser.get(again).text)
    assert "a5" == item
    assert {"a1": 3, "a3": 5} == browser.answers
    assert "there will be 4 at most" in page_text(browser.get(again))
    assert browser.send(leave_out="1").location.endswith("/review?missing=1")
