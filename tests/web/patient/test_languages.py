"""In which language somebody is asked, and that a questionnaire which was begun keeps its text to the end."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Config
from app.factory import create_app
from app.licences import register
from app.licences.terms import Terms
from app.participants.models import Participant
from app.responses.models import AnswerSheet, Submission
from app.studies.models import Study
from app.web.limits import limiter
from app.wordings import install
from app.wordings.register import Name, file_of
from tests.support import routed
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, fields_of, page_text
from tests.support.signing_in import a_browser
from tests.support.stage import install_correction
from tests.support.world import AT, World
from tests.web.patient.test_questionnaire import post_screen, start

KEY = "weshare-core@1.0"
QUESTION = "Did you have pain?"
Person = Callable[[str], Any]


@pytest.fixture
def app(config: Config, tmp_path: Path) -> Iterator[Flask]:
    """A questionnaire that belongs to somebody: without a licence it may not be used."""
    application = create_app(replace(config, instruments=routed.install(tmp_path / "instruments")))
    application.config.update(TESTING=True)
    limiter.enabled = False
    yield application
    limiter.enabled = True
    application.extensions["weshare"].databases.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)


@pytest.fixture
def alice(app: Flask, world: World) -> Person:
    """Alice's browser, reading in a language."""

    def reading(language: str) -> Any:
        browser = a_browser(app, language)
        worlds.sign_in(world, browser, "alice", AT)
        return browser

    return reading


def licensed(world: World, *languages: str, **said: Any) -> str:
    """A licence for the study in some languages; its key."""
    usual = Terms("O", "L-1", "Free.", frozenset({world.study_id}), frozenset(languages), True, AT.date(), None)
    with world.study() as session:
        key = register.add(session, KEY, replace(usual, **said), world.staff["dana"], AT).key
        session.commit()
    return key


def asked_in(browser: Any, world: World) -> str:
    """Begin, and look in which language the questionnaire was opened."""
    assert 200 == browser.get(start(browser)).status_code
    with world.study() as session:
        return session.scalars(select(AnswerSheet.language)).one()


def corrected(app: Flask, version: str, question: str) -> None:
    """Install another version of the English wording while the pages run."""
    library, folder = app.extensions["weshare"].shelf.shipped, app.extensions["weshare"].config.wordings
    text = routed.WORDING.replace("LANGUAGE", "en").replace(QUESTION, question)
    text = text.replace('wording_version: "1"', f'wording_version: "{version}"')
    install.install(library, folder, install.check(library, text.encode(), "w"), text.encode(), "staff:1", AT)


def withdrawn(app: Flask, version: str) -> None:
    install.withdraw(app.extensions["weshare"].config.wordings, Name(KEY, "en", version), "Wrong.", "staff:1", AT)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_is_asked_in_the_language_that_one_reads(alice: Person, world: World, language: str):
    licensed(world, "fr", "en")
    assert language == asked_in(alice(language), world)


def test_who_reads_a_language_without_a_licence_is_asked_in_the_one_of_entering_the_study(alice: Person, world: World):
    """Seen failing when only the installed wordings decided."""
    licensed(world, "fr")
    assert "fr" == asked_in(alice("en"), world)


def test_whose_language_is_no_longer_offered_is_asked_in_the_studys_first(alice: Person, world: World):
    with world.study() as session:
        session.get_one(Study, world.study_id).languages = ["en", "fr"]
        session.get_one(Participant, world.participants["alice"]).language = "fr"
        session.commit()
    licensed(world, "en", "fr", valid_from=AT.date() - timedelta(days=9), expires_on=AT.date() - timedelta(days=1))
    licensed(world, "en")
    assert "en" == asked_in(alice("fr"), world)


def test_a_licence_that_has_ended_closes_no_door_for_a_patient(alice: Person, world: World):
    """The study's first language stays: mending the licence is for the team, and it is told in time."""
    licensed(world, "fr", "en", valid_from=AT.date() - timedelta(days=9), expires_on=AT.date() - timedelta(days=1))
    assert "fr" == asked_in(alice("en"), world)


def test_a_language_that_the_study_does_not_offer_is_not_used_because_its_wording_is_there(alice: Person, world: World):
    with world.study() as session:
        session.get_one(Study, world.study_id).languages = ["fr"]
        session.commit()
    licensed(world, "fr", "en")
    assert "fr" == asked_in(alice("en"), world)


def test_the_start_of_a_visit_speaks_as_the_questionnaire_will(alice: Person, world: World):
    licensed(world, "fr")
    browser = alice("en")
    visit = re.search(r'href="(/visits/[^"]+)"', browser.get("/account").text)
    assert visit
    assert '<section lang="fr">' in browser.get(visit[1]).text


def test_questions_in_another_language_than_the_page_say_so(alice: Person, world: World):
    licensed(world, "fr")
    browser = alice("en")
    page = browser.get(start(browser)).text
    assert ('<html lang="en"' in page, '<div lang="fr">' in page) == (True, True)


def test_what_is_installed_while_the_pages_run_is_asked_at_once(app: Flask, alice: Person, world: World):
    """Seen failing with a library that was read once."""
    licensed(world, "fr", "en")
    browser = alice("en")
    browser.get("/account")
    corrected(app, "2", "Did it hurt?")
    page = browser.get(start(browser))
    assert "Did it hurt?" in page_text(page)


def test_who_has_begun_keeps_the_text_and_who_begins_gets_the_new_one(app: Flask, alice: Person, world: World):
    """Seen failing when the newest wording was taken at each page."""
    licensed(world, "fr", "en")
    browser = alice("en")
    path = start(browser)
    post_screen(browser, path, {"q1": "1"})
    corrected(app, "2", "Did it hurt?")
    assert QUESTION in page_text(browser.get(path))
    assert QUESTION in page_text(browser.get(path.replace("page/1", "review")))
    _finish(browser, path)
    with world.study() as session:
        assert [("en", "1")] == [(s.language, s.wording_version) for s in session.scalars(select(Submission))]


def test_who_has_begun_may_finish_after_the_wording_was_withdrawn(app: Flask, alice: Person, world: World):
    licensed(world, "fr", "en")
    corrected(app, "2", "Did it hurt?")
    browser = alice("en")
    path = start(browser)
    withdrawn(app, "2")
    assert "Did it hurt?" in page_text(browser.get(path))
    again = start(browser)
    assert "Did it hurt?" in page_text(browser.get(again))
    _finish(browser, path)
    with world.study() as session:
        assert ["2"] == [one.wording_version for one in session.scalars(select(Submission))]


def test_somebody_who_reads_on_in_another_language_keeps_the_versions_of_the_beginning(
    app: Flask, alice: Person, world: World
):
    licensed(world, "fr", "en")
    browser = alice("fr")
    path = start(browser)
    corrected(app, "2", "Did it hurt?")
    browser.post("/language", data={"csrf_token": csrf_of(browser.get("/about")), "lang": "en"})
    page = page_text(browser.get(path))
    assert ("Next" in page, QUESTION in page, "Did it hurt?" in page) == (True, True, False)


def test_hostile_text_in_a_wording_is_text_on_every_page(app: Flask, alice: Person, world: World):
    """What looks like markup is never installed; a quote or a bracket is, and stays a quote or a bracket."""
    licensed(world, "fr", "en")
    hostile = '1 < 2 "onmouseover="alert(1)" x={ {7*7} }'
    corrected(app, "2", f"'{hostile}'")
    browser = alice("en")
    path = start(browser)
    post_screen(browser, path, {"q1": "1"})
    for page in (path, path.replace("page/1", "item/1"), path.replace("page/1", "review")):
        shown = browser.get(page).text
        assert hostile in unescape(shown), page
        assert '"onmouseover=' not in shown, page


def test_nobody_goes_on_with_another_text_where_the_own_one_is_lost(app: Flask, alice: Person, world: World):
    licensed(world, "fr", "en")
    corrected(app, "2", "Did it hurt?")
    browser = alice("en")
    path = start(browser)
    folder = app.extensions["weshare"].config.wordings
    file_of(folder, Name(KEY, "en", "2")).unlink()
    corrected(app, "3", "Does it hurt?")
    assert 422 == browser.get(path).status_code


def test_results_are_told_in_another_language_where_the_own_wording_is_lost(app: Flask, alice: Person, world: World):
    licensed(world, "fr", "en")
    browser = alice("en")
    _finish(browser, start(browser))
    with world.study() as session:
        session.scalars(select(Submission)).one().language = "de"
        session.commit()
    assert 200 == browser.get("/account/results").status_code
    elsewhere = a_browser(app, "de")
    worlds.sign_in(world, elsewhere, "alice", AT)
    assert 200 == elsewhere.get("/account/results").status_code


def test_sheets_from_before_versions_were_kept_are_still_answered(alice: Person, world: World):
    licensed(world, "fr", "en")
    browser = alice("en")
    path = start(browser)
    with world.study() as session:
        session.scalars(select(AnswerSheet)).one().wordings = {}
        session.commit()
    assert QUESTION in page_text(browser.get(path))


def test_two_processes_over_one_folder_see_the_same_wordings(app: Flask):
    """As two workers of a server do."""
    other = create_app(app.extensions["weshare"].config)
    shelves = [one.extensions["weshare"].shelf for one in (app, other)]
    assert [("en", "fr")] * 2 == [shelf.library().languages(KEY) for shelf in shelves]
    corrected(app, "2", "Did it hurt?")
    assert ["2", "2"] == [shelf.library().wording(KEY, "en").wording_version for shelf in shelves]
    other.extensions["weshare"].databases.close()


def test_a_free_questionnaire_asks_the_register_nothing(config: Config, world: World):
    """Our own needs no licence: the shipped one begins in both languages without any."""
    own = create_app(config)
    own.config.update(TESTING=True)
    for language in ("fr", "en"):
        install_correction(config, "2", language)
    browser = a_browser(own, "en")
    worlds.sign_in(world, browser, "alice", AT)
    start(browser)
    with world.study() as session:
        sheet = session.scalars(select(AnswerSheet)).one()
        assert ("en", {"fr": "2", "en": "2"}) == (sheet.language, dict(sheet.wordings))
    own.extensions["weshare"].databases.close()


def _finish(browser: Any, path: str) -> None:
    answer = partial(post_screen, browser)
    for _page in range(3):  # one for everybody, one that q1 opens, one for everybody
        if path.endswith("/review"):
            break
        items = re.findall(r'data-item="(\w+)"', browser.get(path).text)
        path = answer(path, dict.fromkeys(items, "1")).location
    sent = browser.post(path.replace("/review", "/send"), data=fields_of(browser.get(path), "send"))
    assert sent.location.endswith("/done"), sent.text
