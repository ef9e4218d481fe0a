"""The vault's page of an enrolment: opened by a ticket, once; likely doubles are proposed, and somebody decides."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.identity import mailbox
from app.identity.models import LedgerEntry, Person
from app.participants.models import Participant
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.enrolling import ZOE, begin, enrol, say_who
from tests.support.signing_in import Clock, a_browser, path_of, try_vault
from tests.support.world import World

SWAPPED = {"given_name": "QUILLEVERE", "family_name": "zoe", "birth_date": "1953-11-29", "email": ""}


@pytest.fixture
def bob(app: Flask, world: World, clock: Clock) -> Any:
    """The investigator of HORIZON."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "bob", clock.at)
    return browser


def how_many(world: World) -> int:
    with world.vault() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def participant(world: World, subject: str) -> Participant:
    with world.study() as session:
        return session.scalars(select(Participant).where(Participant.subject_code == subject)).one()


def test_a_double_with_swapped_names_and_no_accent_is_proposed_and_nothing_is_kept(bob: Any, world: World) -> None:
    """Seen failing when a likely double was entered without a word."""
    enrol(bob, {}, ZOE)
    page = say_who(bob, begin(bob, subject="S2-010"), **SWAPPED)
    assert 422 == page.status_code
    assert "Say whether it is the same person" in page_text(page)
    assert "the same name and the same date of birth" in page_text(page)
    assert "zoe@patients.example" not in page.text
    assert 1 == how_many(world)


def test_the_same_person_keeps_one_account(bob: Any, world: World) -> None:
    enrol(bob, {}, ZOE)
    page = begin(bob, subject="S2-010")
    asked = say_who(bob, page, **SWAPPED)
    choice = asked.text.split('name="decision" value="')[1].split('"')[0]
    back = say_who(bob, page, **SWAPPED, decision=choice)
    assert 409 == bob.get(path_of(back.location)).status_code  # in one study nobody takes part twice
    assert 1 == how_many(world)
    with world.vault() as session:
        actions = list(session.scalars(select(LedgerEntry.action).order_by(LedgerEntry.id)))
    assert ["person.entered", "person.recognised"] == actions


def test_somebody_else_gets_an_account_of_their_own(bob: Any, world: World) -> None:
    enrol(bob, {}, ZOE)
    enrol(bob, {"subject": "S2-010"}, {**SWAPPED, "decision": "new"})
    one, other = participant(world, "S2-009"), participant(world, "S2-010")
    assert one.account_pseudonym != other.account_pseudonym
    assert 2 == how_many(world)


@pytest.mark.parametrize("decision", ["1", "999999", "nonsense", "-1"])
def test_nobody_is_recognised_whom_the_identity_does_not_resemble(bob: Any, world: World, decision: str) -> None:
    """Seen failing when the number in the form was believed."""
    enrol(bob, {}, {**ZOE, "given_name": "Ada", "family_name": "Byron"})
    enrol(bob, {"subject": "S2-010"}, {**ZOE, "email": "other@patients.example", "phone": "", "decision": "new"})
    page = say_who(bob, begin(bob, subject="S2-011"), **SWAPPED, decision=decision)
    assert (422, 2) == (page.status_code, how_many(world))


def test_an_address_belongs_to_one_person(bob: Any) -> None:
    enrol(bob, {}, ZOE)
    other = {**ZOE, "given_name": "Ada", "family_name": "Byron", "decision": "new"}
    page = say_who(bob, begin(bob, subject="S2-010"), **other)
    assert 422 == page.status_code
    assert "This e-mail address already has an account." in page_text(page)
    assert 'value="Byron"' in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"given_name": ""}, "Enter the given name."),
        ({"email": "zoe"}, "Enter an address such as name@example.org."),
        ({"birth_date": "2099-01-01"}, "it cannot be right"),
        ({"birth_date": "31/02/1953"}, "This is no date that we can read."),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(bob: Any, wrong: dict[str, str], said: str) -> None:
    page = say_who(bob, begin(bob), **{**ZOE, **wrong})
    assert 422 == page.status_code
    assert said in page_text(page)
    assert "17 chaussée des Ormes" in page.text


def test_a_ticket_opens_the_page_for_half_an_hour_and_until_it_is_used(bob: Any, clock: Clock) -> None:
    """Seen failing without the table of used tickets."""
    page = begin(bob)
    say_who(bob, page, **ZOE)
    assert 409 == bob.get(page).status_code
    late = begin(bob, subject="S2-010")
    clock.wait(minutes=29)
    assert 200 == bob.get(late).status_code
    clock.wait(minutes=1)
    assert 400 == bob.get(late).status_code


def test_a_forged_ticket_opens_nothing(bob: Any) -> None:
    page = begin(bob)
    head, _dot, signature = page.partition("&")[0].rpartition(".")
    assert 400 == bob.get(f"{head}.{signature[::-1]}").status_code
    assert 400 == bob.get("/vault/enrolment").status_code


def test_who_was_enrolled_chooses_a_password_once_and_signs_in(bob: Any, app: Flask, world: World) -> None:
    enrol(bob, {}, ZOE)
    with world.vault() as session:
        link = path_of(mailbox.messages(session)[0].text.split("\n\n")[2])
    zoe = a_browser(app)
    page = zoe.get(link)
    for tried, said in (("short", "at least 12 characters"), ("a good long password", "not the same")):
        again = zoe.post(link, data={"csrf_token": csrf_of(page), "password": tried, "again": "x"})
        assert 422 == again.status_code
        assert said in page_text(again)
    words = "a good long password"
    done = zoe.post(link, data={"csrf_token": csrf_of(page), "password": words, "again": words})
    assert (303, "/sign-in") == (done.status_code, done.location)
    assert 410 == zoe.get(link).status_code
    assert 303 == try_vault(zoe, "Zoe@patients.example", words).status_code


def test_without_an_address_nobody_is_written_to(bob: Any, world: World) -> None:
    enrol(bob, {}, {**ZOE, "email": ""})
    with world.vault() as session:
        assert [] == mailbox.messages(session)
