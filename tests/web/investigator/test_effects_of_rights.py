"""A granted restriction or objection switches something off, shown before, on the record, and lifted again."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.participants import limits
from app.participants.models import Participant
from app.responses import tables
from app.responses.queries import mean_course
from app.responses.tables import Extract
from app.rights import requests
from tests.support import world as worlds
from tests.support.answers import answer_all
from tests.support.browser_form import page_text
from tests.support.forms import form_at, press
from tests.support.sheets import library
from tests.support.signing_in import Clock, a_browser
from tests.support.world import AT, CORE, World

TEAM = "/studies/HORIZON/rights"
WORDS = {"state": "granted", "answer": "Granted: until your records are checked."}


@pytest.fixture
def bob(app: Flask, world: World, clock: Clock) -> Any:
    """The investigator of the study."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "bob", clock.at)
    return browser


@pytest.fixture
def alice(app: Flask, world: World, clock: Clock) -> Any:
    """Alice, who has sent her first questionnaire."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "alice", clock.at)
    with world.study() as session:
        answer_all(session, world, "alice")
        session.commit()
    return browser


def asked(world: World, kind: str) -> str:
    """The team's page of a request of Alice's."""
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        key = requests.ask(session, alice, kind, "", AT).key
        session.commit()
    return f"{TEAM}/{key}"


def grant(bob: Any, page: str, effect: str) -> Any:
    """Look at the effects, then grant."""
    weighed = press(bob, page, page, **WORDS, effect=effect)
    assert 200 == weighed.status_code, page_text(weighed)
    return bob.post(page, data=form_at(weighed, page))


def exported(world: World) -> list[Any]:
    """The subject codes in the two files, and how many people stand behind the first mean."""
    with world.study() as session:
        extract = Extract(world.study_id, library().instrument(CORE[0]))
        place = list(tables.KEYS).index("subject_code")
        files = [[row[place] for row in list(rows(session, extract))[1:]] for rows in (tables.answers, tables.scores)]
        scale = next(iter(extract.instrument.scales))
        return [*files, mean_course(session, world.study_id, CORE[0], scale)[0].stops[0].n]


def column(world: World, name: str) -> Any:
    with world.study() as session:
        return getattr(session.get_one(Participant, world.participants["alice"]), name)


def test_a_restriction_leaves_the_answers_out_of_files_and_means_until_it_is_lifted(
    alice: Any, bob: Any, world: World
) -> None:
    """Seen failing when the files did not ask whether answers may be used."""
    before = exported(world)
    assert [["H-001"], ["H-001"], 1] == before
    page = asked(world, "restriction")
    assert 303 == grant(bob, page, "use").status_code
    assert [[], [], 0] == exported(world)
    assert "Your answers are kept but not used" in page_text(alice.get("/account/rights"))
    assert "1 participant is left out" in page_text(bob.get("/studies/HORIZON/data"))
    assert 303 == press(bob, page, page, state="lifted", answer="Your records are right now.").status_code
    assert before == exported(world)
    assert "Your records are right now." in page_text(alice.get("/account/rights"))


@pytest.mark.usefixtures("alice")
def test_effects_are_shown_before_anything_happens(bob: Any, world: World) -> None:
    """Seen failing when the first press granted."""
    page = asked(world, "restriction")
    weighed = page_text(press(bob, page, page, **WORDS, effect="use"))
    assert "Nothing has happened yet." in weighed
    assert "1 questionnaire that was sent is concerned." in weighed
    assert WORDS["answer"] in weighed
    assert [["H-001"], ["H-001"], 1] == exported(world)
    assert "Asked" in page_text(bob.get(page))


def test_each_step_is_on_the_record(bob: Any, world: World) -> None:
    page = asked(world, "objection")
    grant(bob, page, "contact")
    press(bob, page, page, state="lifted", answer="As you asked by telephone.")
    with world.study() as session:
        facts = session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "right.advanced")).all()
    assert [("granted", "contact"), ("lifted", "contact")] == [(one["state"], one["effect"]) for one in facts]


@pytest.mark.parametrize(("kind", "effect"), [("restriction", ""), ("restriction", "contact"), ("objection", "x")])
def test_an_effect_that_the_request_does_not_have_is_refused(bob: Any, world: World, kind: str, effect: str) -> None:
    page = asked(world, kind)
    answer = press(bob, page, page, **WORDS, effect=effect, confirmed="1")
    assert 422 == answer.status_code
    assert "Choose what is switched off" in page_text(answer)
    assert WORDS["answer"] in page_text(answer)


def test_an_objection_to_something_else_is_granted_in_words(bob: Any, world: World) -> None:
    page = asked(world, "objection")
    assert 303 == press(bob, page, page, **WORDS, effect="").status_code
    assert (None, None) == (column(world, "contact_stopped_at"), column(world, "use_restricted_at"))


def test_nothing_can_be_lifted_that_is_not_in_force(bob: Any, world: World) -> None:
    page = asked(world, "access")
    press(bob, page, page, **WORDS)
    assert 422 == press(bob, page, page, state="lifted", answer="No.").status_code


def test_lifting_one_request_leaves_what_another_one_asks_for(bob: Any, world: World) -> None:
    """Seen failing when only the newest step of all requests counted."""
    first, second = asked(world, "restriction"), asked(world, "objection")
    grant(bob, first, "use")
    grant(bob, second, "use")
    press(bob, first, first, state="lifted", answer="Done.")
    assert AT == column(world, "use_restricted_at")
    press(bob, second, second, state="lifted", answer="Done.")
    assert column(world, "use_restricted_at") is None


@pytest.mark.usefixtures("alice")
def test_whose_answers_were_withdrawn_is_left_out_as_well(world: World) -> None:
    """Seen failing: a withdrawal from use had been written down and changed no file."""
    with world.study() as session:
        session.get_one(Participant, world.participants["alice"]).use_withdrawn_at = AT
        session.commit()
        assert 1 == limits.left_out(session, world.study_id)
    assert [[], [], 0] == exported(world)
