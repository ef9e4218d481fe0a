"""P3: a save takes at most six statements and a page at most eight, however many questions, people or visits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.participants import excuses
from app.participants.models import Participant
from app.questionnaires.elements import ItemId
from tests.announcements.test_approval import approved, proposed
from tests.consents.builders import publish
from tests.support import world as worlds
from tests.support.answers import answer_all
from tests.support.browser_form import csrf_of, fields_of
from tests.support.cohort import enrol_cohort
from tests.support.feature_browser import FeatureBrowser
from tests.support.statements import statements
from tests.support.world import World
from tests.web.patient.test_questionnaire import save, start

SAVE, PAGE = 6, 8
OVERVIEW = 12  # P5: a list with counts of the whole study
LIMITS = {"/studies/HORIZON": OVERVIEW, "/studies/HORIZON/messages": OVERVIEW}
ITEMS = [ItemId(f"q{number}") for number in range(1, 31)]


@dataclass(slots=True)
class Counted:
    """A browser whose requests are counted in statements to the study's database."""

    app: Flask
    browser: Any

    def get(self, path: str) -> int:
        """How many statements a page takes."""
        return self._count(lambda: self.browser.get(path), 200)

    def save(self, path: str, token: str, item: str, name: str, seen: int = 0) -> int:
        """How many statements the saving of one answer takes."""
        return self._count(lambda: save(self.browser, path, token, item=item, request_id=name, seen=seen), 200)

    def post(self, path: str, fields: dict[str, str]) -> int:
        """How many statements a form takes."""
        return self._count(lambda: self.browser.post(path, data=fields), 303)

    def _count(self, act: Callable[[], Any], status: int) -> int:
        with statements(self.app.extensions["weshare"].databases.study.engine) as sent:
            answer = act()
        assert status == answer.status_code
        return len(sent)


@pytest.fixture
def counted(either_app: Flask, either_world: World) -> Counted:
    browser = either_app.test_client()
    worlds.sign_in(either_world, browser, "alice")
    return Counted(either_app, browser)


def test_a_save_takes_six_statements_at_most_the_first_one_included(counted: Counted):
    """Seen failing when the protocol was read in a statement of its own."""
    path = start(counted.browser)
    token = csrf_of(counted.browser.get(path))
    first = counted.save(path, token, "q1", "request-1")
    later = counted.save(path, token, "q2", "request-2")
    changed = counted.save(path, token, "q1", "request-3", seen=1)
    repeated = counted.save(path, token, "q1", "request-3", seen=1)
    assert SAVE >= first > later == changed > repeated


def test_noting_that_somebody_is_there_costs_one_statement_a_minute(
    counted: Counted, either_world: World, monkeypatch: pytest.MonkeyPatch
):
    worlds.sign_in(either_world, counted.browser, "alice", worlds.AT)
    path = start(counted.browser)
    token = csrf_of(counted.browser.get(path))
    usual = counted.save(path, token, "q1", "request-1")
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT + timedelta(minutes=2))
    assert usual == counted.save(path, token, "q2", "request-2")
    assert usual - 1 == counted.save(path, token, "q3", "request-3")


def test_a_page_of_questions_is_saved_by_as_many_statements_as_one_question(counted: Counted):
    path = start(counted.browser)
    one = counted.post(path, {**fields_of(counted.browser.get(path)), "answer-q1": "1", "go": "next"})
    page = {f"answer-q{number}": "2" for number in range(1, 6)}
    five = counted.post(path, {**fields_of(counted.browser.get(path)), **page, "go": "next"})
    assert SAVE >= one > five


def test_the_pages_of_a_patient_take_eight_statements_at_most(counted: Counted, either_world: World):
    """Seen failing when the account read the study of each visit in a statement of its own."""
    path = start(counted.browser)
    sheet = re.sub(r"/page/.*", "", path)
    visit = f"/visits/{worlds.occasion_key(either_world, 'alice')}"
    open_pages = [path, path.replace("page", "item"), f"{sheet}/review", visit]
    before = {page: counted.get(page) for page in open_pages}
    with either_world.study() as session:
        answer_all(session, either_world, "alice")
        consent = f"/account/consents/{publish(session, either_world).key}"
        session.commit()
    after = [f"{sheet}/done", visit, "/account", "/account/results", "/account/news", "/account/settings"]
    after += [consent, "/account/consents"]
    sent = {page: counted.get(page) for page in after}
    assert {} == {page: count for page, count in (before | sent).items() if count > PAGE}


def test_what_was_answered_makes_no_page_dearer(counted: Counted):
    """Seen failing when the answers were read once for each answer."""
    path = start(counted.browser)
    review = re.sub(r"/page/.*", "/review", path)
    empty = counted.get(path), counted.get(review)
    page = {**fields_of(counted.browser.get(path)), **{f"answer-q{number}": "2" for number in range(1, 6)}}
    counted.browser.post(path, data={**page, "go": "next"})
    assert empty == (counted.get(path), counted.get(review))


def test_more_people_and_visits_make_no_professional_s_page_dearer(either_app: Flask, either_world: World):
    browser = either_app.test_client()
    worlds.sign_in(either_world, browser, "bob")
    counted = Counted(either_app, browser)
    pages = (
        "/studies",
        "/studies/HORIZON",
        "/studies/HORIZON/course",
        "/studies/HORIZON/data",
        "/studies/HORIZON/posts",
        "/studies/HORIZON/consents",
        "/studies/HORIZON/consents/people",
        "/studies/HORIZON/instruments",
        "/studies/HORIZON/messages",
        "/studies/HORIZON/messages/sent",
    )
    with either_world.study() as session:
        publish(session, either_world)
        session.commit()
    few = {page: counted.get(page) for page in pages}
    with either_world.study() as session:
        people = enrol_cohort(session, either_world, 25)
        for person in people[:10]:
            answer_all(session, either_world, person)
        session.commit()
    many = {page: counted.get(page) for page in pages}
    assert {} == {
        page: (few[page], many[page]) for page in pages if not few[page] == many[page] <= LIMITS.get(page, PAGE)
    }


def test_the_team_s_page_of_a_person_takes_eight_statements_with_all_that_it_can_show(
    either_app: Flask, either_world: World
):
    """Answers from paper, a visit with a reason, a note to agree to. Seen failing when the reasons were read apart."""
    browser = either_app.test_client()
    worlds.sign_in(either_world, browser, "bob")
    with either_world.study() as session:
        publish(session, either_world)
        [submission] = answer_all(session, either_world, "alice")
        submission.entered_by = f"staff:{either_world.staff['bob']}"
        submission.answered_at = submission.submitted_at
        alice = session.get_one(Participant, either_world.participants["alice"])
        excuses.excuse(session, alice, "M3", 1, "hospital", worlds.AT)
        session.commit()
    page = "/studies/HORIZON/participants/H-001"
    shown = browser.get(page).text
    assert "À l’hôpital" in shown
    assert "sur papier" in shown
    assert PAGE >= Counted(either_app, browser).get(page)


def test_more_announcements_make_no_data_manager_s_page_dearer(either_app: Flask, either_world: World):
    """Seen failing with the words of each read in a statement of its own."""
    browser = either_app.test_client()
    worlds.sign_in(either_world, browser, "dana")
    counted, listing = Counted(either_app, browser), "/manage/announcements"
    with either_world.study() as session:
        one = proposed(session, either_world)
        approved(session, either_world)
        session.commit()
        pages = (listing, f"{listing}/{one.key}", "/manage")
    few = [counted.get(page) for page in pages]
    with either_world.study() as session:
        for _number in range(5):
            proposed(session, either_world)
            approved(session, either_world)
        session.commit()
    assert few == [counted.get(page) for page in pages]
    assert PAGE >= max(few)


def test_facts_cost_one_statement_a_page_and_none_a_save(
    feature_app: Flask, open_feature: Callable[[str], FeatureBrowser]
):
    """Seen failing when every save asked what the study knows about the person."""
    plain, with_facts = open_feature("choice"), open_feature("routing")
    counted = Counted(feature_app, plain.client)
    token = csrf_of(plain.get(plain.start))
    assert counted.get(plain.start) + 1 == counted.get(with_facts.start) <= PAGE
    first = counted.save(plain.start, token, "c1", "request-1")
    later = counted.save(plain.start, token, "c1", "request-2", seen=1)
    assert SAVE >= first > later == counted.save(with_facts.start, token, "w1", "request-3")
    screen = {**fields_of(plain.get(with_facts.start)), "answer-w1": "1", "answer-w2": "2", "go": "next"}
    assert SAVE >= counted.post(with_facts.start, screen)
