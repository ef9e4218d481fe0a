"""A participant asks for something about the data, the team answers, and both see where it stands."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.consents import answers
from app.identity import people, person_keys
from app.identity.models import Pseudonym
from app.participants.models import Participant
from app.rights.models import RightRequest
from tests.consents.builders import publish
from tests.support import world as worlds
from tests.support.answers import answer_all
from tests.support.browser_form import csrf_of, page_text
from tests.support.signing_in import Clock, a_browser, known_to_the_vault, path_of
from tests.support.world import ACCOUNTS, AT, World

RIGHTS = "/account/rights"
TEAM = "/studies/HORIZON/rights"


@pytest.fixture
def alice(app: Flask, world: World, clock: Clock) -> Any:
    """Alice on her account."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "alice", clock.at)
    return browser


@pytest.fixture
def bob(app: Flask, world: World, clock: Clock) -> Any:
    """The investigator of her study."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "bob", clock.at)
    return browser


def post(browser: Any, page: str, address: str, **fields: str) -> Any:
    return browser.post(address, data={"csrf_token": csrf_of(browser.get(page)), **fields})


def ask(alice: Any, world: World, kind: str = "rectification") -> str:
    """Ask; the address of the request on the team's side."""
    done = post(alice, RIGHTS, RIGHTS, study="HORIZON", kind=kind, words="My surgery was in May.")
    assert 303 == done.status_code, done.text
    with world.study() as session:
        return f"{TEAM}/{session.scalars(select(RightRequest.key).order_by(RightRequest.id.desc())).first()}"


def test_a_request_goes_to_the_team_and_its_answer_comes_back(alice: Any, bob: Any, world: World) -> None:
    request = ask(alice, world)
    assert "Have something corrected" in page_text(bob.get(TEAM))
    assert "My surgery was in May." in page_text(bob.get(request))
    assert 422 == post(bob, request, request, state="granted", answer="").status_code
    assert 303 == post(bob, request, request, state="granted", answer="It is May now.").status_code
    page = page_text(alice.get(RIGHTS))
    assert "It is May now." in page
    assert "Take this request back" not in page
    assert 409 == post(alice, RIGHTS, f"{RIGHTS}/{request.split('/')[-1]}/take-back").status_code


def test_a_request_can_be_taken_back(alice: Any, bob: Any, world: World) -> None:
    request = ask(alice, world)
    assert 303 == post(alice, RIGHTS, f"{RIGHTS}/{request.split('/')[-1]}/take-back").status_code
    assert "Taken back" in page_text(bob.get(request))
    late = post(bob, request, request, state="refused", answer="This text is not lost.")
    assert (422, True) == (late.status_code, "This request is over." in page_text(late))


def test_what_is_missing_is_named_and_what_was_typed_stays(alice: Any) -> None:
    page = post(alice, RIGHTS, RIGHTS, study="HORIZON", words="Please look.")
    assert 422 == page.status_code
    assert "Choose what you ask for." in page_text(page)
    assert "Please look." in page_text(page)
    assert 422 == post(alice, RIGHTS, RIGHTS, study="AURORE", kind="access").status_code


def test_the_copy_holds_every_answer_and_score_of_the_person_and_nobody_elses(alice: Any, world: World) -> None:
    """Seen failing without the condition on the account."""
    with world.study() as session:
        answer_all(session, world, "alice")
        answer_all(session, world, "dora")
        session.commit()
    file = alice.get(f"{RIGHTS}/my-data.csv")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert {"H-001"} == {row["subject_code"] for row in rows}
    assert {"answer", "score"} == {row["kind"] for row in rows}
    assert all(row["words"] for row in rows)
    assert len(rows) == len(alice.get(f"{RIGHTS}/my-data.json").get_json())


def test_the_copy_holds_what_was_said_to_each_consent(alice: Any, world: World) -> None:
    """Seen failing with the consents left out, and with everybody's in it."""
    with world.study() as session:
        version = publish(session, world)
        for name, answer in (("alice", "refused"), ("alice", "agreed"), ("dora", "agreed")):
            who = session.get_one(Participant, world.participants[name])
            answers.answer(session, version, who, answer, "fr", AT)
        session.commit()
    rows = alice.get(f"{RIGHTS}/my-data.json").get_json()
    said = [(row["kind"], row["subject_code"], row["name"], row["words"], row["value"]) for row in rows]
    assert [("consent", "H-001", "1", "2.1", "refused"), ("consent", "H-001", "1", "2.1", "agreed")] == said


def test_an_identity_is_erased_on_the_vaults_page_once_the_team_has_looked(alice: Any, bob: Any, world: World) -> None:
    """Seen failing when a request that nobody had looked at was passed on."""
    known_to_the_vault(world)
    request = ask(alice, world, "erasure")
    assert 409 == post(bob, request, f"{request}/identity").status_code
    post(bob, request, request, state="granted", answer="Your identity will be erased tomorrow.")
    page = path_of(post(bob, request, f"{request}/identity").location)
    ticket = page.split("ticket=")[1].split("&")[0]
    assert "erased for ever" in page_text(bob.get(page))
    done = post(bob, page, "/vault/erasure", ticket=ticket)
    assert (303, request) == (done.status_code, done.location)
    with world.vault() as session, pytest.raises(people.UnknownPseudonym):
        people.person_for(session, ACCOUNTS["alice"])
    with world.vault() as session, pytest.raises(person_keys.NoKey):
        person_keys.of(session, 1)
    assert 409 == post(bob, page, "/vault/erasure", ticket=ticket).status_code


def test_who_takes_part_in_another_study_is_not_erased(alice: Any, bob: Any, world: World) -> None:
    """Seen failing without the look at the other studies."""
    known_to_the_vault(world)
    with world.vault() as session:
        session.add(Pseudonym(person_id=1, domain=people.study_domain("AURORE"), value="par-elsewhere"))
        session.commit()
    request = ask(alice, world, "erasure")
    post(bob, request, request, state="worked-on")
    page = path_of(post(bob, request, f"{request}/identity").location)
    kept = post(bob, page, "/vault/erasure", ticket=page.split("ticket=")[1].split("&")[0])
    assert (409, True) == (kept.status_code, "Nothing was erased." in page_text(kept))
    with world.vault() as session:
        assert 1 == people.person_for(session, ACCOUNTS["alice"]).id
