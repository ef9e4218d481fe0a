"""Citizens register themselves: one answer for every address, a link that works once, nothing kept unconfirmed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.identity import duplicates, mailbox, people, registrations
from app.identity.identity import Identity
from app.identity.models import LedgerEntry, MailboxMessage, Person, PersonKey, Pseudonym, Registration
from app.jobs import forget_registrations
from tests.support.browser_form import csrf_of, page_text, without_tokens
from tests.support.sheets import library
from tests.support.signing_in import (
    EMAIL,
    a_browser,
    count_tries,
    is_in,
    known_to_the_vault,
    path_of,
    through_the_vault,
    try_vault,
)
from tests.support.world import AT, World

PAGE = "/vault/register"
INES = {"given_name": "Inès", "family_name": "Vautrin", "email": "ines@citizens.example", "terms": "1"}
PASSWORD = "four words in a row"

pytestmark = pytest.mark.usefixtures("clock")


def register(browser: Any, **changes: str) -> Any:
    """What the vault answers; its letter is written when the answer is gone."""
    form = {**INES, **changes, "csrf_token": csrf_of(browser.get(PAGE))}
    with browser.post(PAGE, data={name: value for name, value in form.items() if value}) as answer:
        answer.get_data()
    return answer


def letters(world: World) -> list[str]:
    with world.vault() as session:
        return [one.text for one in mailbox.messages(session)]


def link(world: World) -> str:
    """The newest link."""
    return path_of(re.search(r"http\S+/vault/register/[\w-]+", letters(world)[0])[0])  # type: ignore[index]


def confirm(browser: Any, address: str, password: str = PASSWORD) -> Any:
    return browser.post(address, data={"csrf_token": csrf_of(browser.get("/about")), "password": password})


def how_many(world: World, *tables: type) -> list[int]:
    with world.vault() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_citizen_registers_confirms_and_finds_a_friendly_empty_account(app: Flask, world: World) -> None:
    browser = a_browser(app)
    assert "Check your e-mail" in page_text(register(browser))
    other_device = a_browser(app)
    address = link(world)
    assert 200 == other_device.get(address).status_code
    done = confirm(other_device, address)
    assert (303, "/sign-in") == (done.status_code, done.location)
    to_vault = other_device.get("/sign-in").location
    back = try_vault(other_device, INES["email"], PASSWORD, path_of(to_vault))
    other_device.get(path_of(back.location))
    home = page_text(other_device.get("/account"))
    assert "You do not take part in a study yet." in home
    assert "Nothing to answer today" not in home


def test_looking_at_the_link_uses_nothing_up_and_the_button_works_once(app: Flask, world: World) -> None:
    register(a_browser(app))
    address, browser = link(world), a_browser(app)
    assert [200, 200] == [browser.get(address).status_code for _time in range(2)]
    assert 422 == confirm(browser, address, "short").status_code
    assert 422 == confirm(browser, address, INES["email"]).status_code
    assert 303 == confirm(browser, address).status_code
    assert [410, 410] == [browser.get(address).status_code, confirm(browser, address).status_code]


def test_the_answer_is_the_same_for_a_known_address_which_gets_a_letter_that_says_so(app: Flask, world: World) -> None:
    known_to_the_vault(world)
    pages = [without_tokens(register(a_browser(app), email=email)) for email in (EMAIL, INES["email"])]
    assert pages[0] == pages[1]
    told = [text for text in letters(world) if "You already have one" in text]
    assert (1, 2) == (len(told), len(letters(world)))
    assert [] == re.findall("/vault/register/", told[0])


def test_who_has_not_confirmed_is_found_by_nobody(app: Flask, world: World) -> None:
    """Neither by the address nor as somebody who may be the same."""
    register(a_browser(app))
    who = Identity(INES["email"], INES["given_name"], INES["family_name"])
    with world.vault() as session:
        assert people.find_by_email(session, INES["email"]) is None
        assert [] == duplicates.candidates(session, who)
    confirm(a_browser(app), link(world))
    with world.vault() as session:
        assert people.find_by_email(session, INES["email"]) is not None
        assert 1 == len(duplicates.candidates(session, who))


def test_two_registrations_of_one_address_make_one_account(app: Flask, world: World) -> None:
    """Whoever confirms first has it."""
    register(a_browser(app))
    first = link(world)
    register(a_browser(app), given_name="Somebody")
    confirm(a_browser(app), first)
    with world.vault() as session:
        links = [one.text for one in mailbox.messages(session) if first not in one.text]
    second = path_of(re.search(r"http\S+/vault/register/[\w-]+", links[0])[0])  # type: ignore[index]
    late = confirm(a_browser(app), second)
    assert (409, True) == (late.status_code, "already has an account" in page_text(late))


def test_what_nobody_confirms_is_removed_with_everything_that_was_typed(app: Flask, world: World) -> None:
    """Seen failing when only the row of the registration was removed."""
    kept = (Person, PersonKey, Pseudonym, MailboxMessage, Registration)
    before = how_many(world, *kept)
    register(a_browser(app))
    assert [1, 1, 1, 1, 1] == [now - then for now, then in zip(how_many(world, *kept), before, strict=True)]
    soon, late = AT + registrations.KEPT_FOR - timedelta(seconds=1), AT + registrations.KEPT_FOR
    assert {} == dict(forget_registrations.run(world.databases, world.config, library(), at=soon))
    assert {"removed": 1} == dict(forget_registrations.run(world.databases, world.config, library(), at=late))
    assert before == how_many(world, *kept)


def test_who_has_confirmed_stays(app: Flask, world: World) -> None:
    register(a_browser(app))
    confirm(a_browser(app), link(world))
    forget_registrations.run(world.databases, world.config, library(), at=AT + registrations.KEPT_FOR)
    with world.vault() as session:
        assert people.authenticate(session, INES["email"], PASSWORD) is not None


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("given_name", "Enter your given name."),
        ("email", "Enter your e-mail address."),
        ("terms", "Say that you agree, or leave the page."),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(app: Flask, field: str, said: str) -> None:
    answer = register(a_browser(app), **{field: ""})
    assert (422, True, True) == (answer.status_code, said in page_text(answer), 'value="Vautrin"' in answer.text)


def test_nobodys_inbox_is_flooded_and_a_storm_keeps_nobody_out(app: Flask, world: World) -> None:
    """Somebody else's tries count where they come from; the owner of the address still signs in."""
    known_to_the_vault(world)
    count_tries()
    stranger = a_browser(app)
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    statuses = [register(stranger, email=EMAIL).status_code for _time in range(7)]
    assert [200] * 5 + [429] * 2 == statuses
    assert registrations.MOST_A_DAY == len(letters(world))
    owner = a_browser(app)
    assert 200 == register(owner, email=EMAIL).status_code
    through_the_vault(owner)
    assert is_in(owner)


def test_the_record_tells_what_happened_and_names_nobody(app: Flask, world: World) -> None:
    register(a_browser(app))
    confirm(a_browser(app), link(world))
    with world.vault() as session:
        rows = session.execute(select(LedgerEntry.action, LedgerEntry.facts).order_by(LedgerEntry.id)).all()
    assert [("registration.asked", {"terms": "2"}), ("registration.confirmed", {"terms": "2"})] == [*map(tuple, rows)]
