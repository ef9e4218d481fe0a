"""A participant changes the password: the one of today is asked for, and the person is written to."""

from typing import Any

import pytest
from flask import Flask

from app.identity import mailbox, people
from app.web.vault.handing_over import ENDS_OTHERS
from tests.support.authenticator import Device
from tests.support.browser_form import page_text
from tests.support.people import PASSWORD
from tests.support.signing_in import (
    EMAIL,
    Clock,
    a_browser,
    ask_for_link,
    count_tries,
    is_in,
    known_to_the_vault,
    path_of,
    through_the_vault,
    try_vault,
)
from tests.support.stage import token_of
from tests.support.ways_in import CODE, SECURITY, add_passkey, code_at, enter, post, switch_on
from tests.support.world import World

CHANGE = f"{SECURITY}/password"
NEW_PASSWORD = "seven quiet herons at dawn"


@pytest.fixture
def browser(app: Flask, world: World, clock: Clock) -> Any:
    """Alice's, signed in, and on the page of her ways in."""
    known_to_the_vault(world)
    found = a_browser(app)
    through_the_vault(found)
    enter(found)
    assert clock.at
    return found


def letters(world: World) -> list[str]:
    with world.vault() as session:
        return [message.subject for message in mailbox.messages(session)]


def change(browser: Any, old: str = PASSWORD, new: str = NEW_PASSWORD) -> Any:
    return post(browser, CHANGE, "/about", old_password=old, password=new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wrong", NEW_PASSWORD, "not your password of today"),
        ("", NEW_PASSWORD, "Enter your password"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, "alice@example.org", "easy to guess"),
        (PASSWORD, "motdepasse123", "lists of common ones"),
    ],
)
def test_the_old_password_and_a_good_new_one_are_needed(
    browser: Any, world: World, old: str, new: str, said: str
) -> None:
    """Seen failing without the old password."""
    answer = change(browser, old, new)
    assert (422, True) == (answer.status_code, said in page_text(answer))
    with world.vault() as session:
        assert people.authenticate(session, EMAIL, PASSWORD) is not None
    assert [] == letters(world)


def test_the_person_signs_in_with_the_new_one_and_is_signed_out_everywhere_else(
    app: Flask, browser: Any, world: World
) -> None:
    """Seen failing with an assertion that says nothing of it, and without the way around the open account."""
    other, beside = a_browser(app), a_browser(app)
    through_the_vault(other)
    enter(beside)
    done = change(browser)
    assert ["How you sign in to WeShare has changed"] == letters(world)
    assert 302 == beside.get(SECURITY).status_code
    page = browser.get(path_of(done.location)).location
    assert "sign in with it now" in page_text(browser.get(path_of(page)))
    back = try_vault(browser, password=NEW_PASSWORD, page=path_of(page))
    browser.get(path_of(back.location))
    assert (True, False) == (is_in(browser), is_in(other))
    assert 422 == try_vault(a_browser(app)).status_code


def test_what_was_noted_for_one_person_ends_nobody_elses_sign_ins(app: Flask, browser: Any, world: World) -> None:
    """Seen failing without the comparison of whose password it was."""
    known_to_the_vault(world, "dora", "dora@example.org")
    there, here = a_browser(app), a_browser(app)
    for dora in (there, here):
        page = path_of(dora.get("/sign-in").location)
        if dora is here:
            with dora.session_transaction() as cookie:
                cookie[ENDS_OTHERS] = 1
        dora.get(path_of(try_vault(dora, "dora@example.org", page=page).location))
    assert (True, True, True) == (is_in(there), is_in(here), is_in(browser))


def test_with_the_second_factor_on_the_page_asks_for_a_code_first(
    app: Flask, browser: Any, world: World, clock: Clock
) -> None:
    secret, _codes = switch_on(browser, clock)
    other = a_browser(app)
    assert CODE == path_of(enter(other).location)
    assert 401 == change(other).status_code
    assert SECURITY == path_of(post(other, CODE, CODE, code=code_at(secret, clock)).location)
    assert 303 == change(other).status_code
    assert 3 > len(letters(world)) > 0


def test_the_page_closes_after_twenty_minutes_and_is_no_place_to_guess(browser: Any, clock: Clock) -> None:
    """Seen failing without the limit."""
    count_tries()
    tries = [change(browser, "wrong").status_code for _ in range(11)]
    assert [422] * 10 + [429] == tries
    clock.wait(minutes=21)
    assert 401 == change(browser).status_code


def test_a_password_chosen_by_a_mailed_link_is_told_too(app: Flask, world: World, clock: Clock) -> None:
    """Seen failing with nothing written to the person."""
    known_to_the_vault(world)
    asking = a_browser(app)
    ask_for_link(asking, purpose="password")
    with world.vault() as session:
        text = mailbox.messages(session)[0].text
    link = path_of(text.split("http", 1)[1].split()[0].split("localhost", 1)[1])
    assert 303 == asking.post(link, data={"csrf_token": token_of(asking), "password": NEW_PASSWORD}).status_code
    assert "How you sign in to WeShare has changed" in letters(world)
    assert clock.at


def test_a_passkey_that_was_stopped_is_told_to_its_owner(app: Flask, browser: Any, world: World) -> None:
    """Somebody may have made a copy. Seen failing with the ledger alone."""
    device, other = Device(), a_browser(app)
    add_passkey(browser, device)
    before = len(letters(world))
    for count in (5, 1):
        device.count = count
        asked = post(other, "/vault/passkeys/start")
        post(other, "/vault/passkeys", state="s" * 32, credential=device.sign(asked.json))
    assert before + 1 == len(letters(world))


def test_nobody_has_more_than_ten_passkeys(browser: Any) -> None:
    """Seen failing without the bound."""
    assert [303] * 10 == [add_passkey(browser, Device()).status_code for _ in range(10)]
    asked = post(browser, f"{SECURITY}/passkeys/start", name="The eleventh")
    assert (409, True) == (asked.status_code, "Remove one of them first" in asked.json["message"])
