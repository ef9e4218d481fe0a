"""A participant's code: off until wanted, then asked for after a password and after a mailed link alike; ways back."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.identity import mailbox
from app.identity.models import LedgerEntry
from app.identity.sign_in_models import PersonFactor
from app.web.limits import limiter
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of, page_text
from tests.support.signing_in import (
    Clock,
    a_browser,
    ask_for_link,
    count_tries,
    is_in,
    known_to_the_vault,
    path_of,
    try_vault,
)
from tests.support.ways_in import APP, CODE, SECURITY, add_passkey, code_at, enter, post, sign_in_with, switch_on
from tests.support.world import World

Opened = tuple[Any, str, list[str]]


@pytest.fixture
def alice(app: Flask, world: World, clock: Clock) -> Opened:
    """Alice's browser, the secret of her app and her recovery codes."""
    known_to_the_vault(world)
    browser = a_browser(app)
    enter(browser)
    return browser, *switch_on(browser, clock)


def by_password(browser: Any) -> Any:
    """What the vault answers to the right password, on the way to the account."""
    return try_vault(browser, page=path_of(browser.get("/sign-in").location))


def by_link(browser: Any, world: World, purpose: str = "sign-in", **typed: str) -> Any:
    ask_for_link(browser, purpose=purpose)
    with world.vault() as session:
        text = next(one.text for one in mailbox.messages(session) if "/vault/l/" in one.text)
    link = path_of(text.split("http", 1)[1].split()[0].split("localhost", 1)[1])
    return browser.post(link, data={"csrf_token": csrf_of(browser.get(link)), **typed})


def test_it_changes_nothing_before_a_code_has_confirmed_it(app: Flask, world: World, clock: Clock) -> None:
    known_to_the_vault(world)
    browser = a_browser(app)
    enter(browser)
    browser.get(APP)
    assert 422 == post(browser, APP, code="000000").status_code
    assert "/session?" in by_password(a_browser(app)).location
    assert clock


def test_a_password_and_a_mailed_link_both_ask_for_the_code(
    app: Flask, world: World, alice: Opened, clock: Clock
) -> None:
    """Seen failing with a link that handed over at once."""
    _browser, secret, _codes = alice
    for way in (by_password, lambda browser: by_link(browser, world)):
        browser = a_browser(app)
        assert CODE == way(browser).location
        assert not is_in(browser)
        assert 422 == post(browser, CODE, code="123456").status_code
        back = post(browser, CODE, code=code_at(secret, clock))
        browser.get(path_of(back.location))
        assert is_in(browser)
        clock.wait(minutes=1)


def test_a_new_password_by_link_asks_for_it_too_and_still_ends_the_rest(
    app: Flask, world: World, alice: Opened, clock: Clock
) -> None:
    _browser, secret, _codes = alice
    elsewhere = a_browser(app)
    by_password(elsewhere)
    elsewhere.get(path_of(post(elsewhere, CODE, code=code_at(secret, clock)).location))
    assert is_in(elsewhere)
    clock.wait(minutes=1)
    browser = a_browser(app)
    assert CODE == by_link(browser, world, "password", password="seven quiet herons at dawn").location
    browser.get(path_of(post(browser, CODE, code=code_at(secret, clock)).location))
    assert (True, False) == (is_in(browser), is_in(elsewhere))


def test_looking_after_the_ways_in_asks_for_it_too(app: Flask, alice: Opened, clock: Clock) -> None:
    browser = a_browser(app)
    assert CODE == enter(browser).location
    assert 302 == browser.get(SECURITY).status_code
    assert SECURITY == post(browser, CODE, code=code_at(alice[1], clock)).location
    assert 200 == browser.get(SECURITY).status_code


def test_a_code_counts_once_and_half_way_ends_after_a_quarter_of_an_hour(
    app: Flask, alice: Opened, clock: Clock
) -> None:
    first, second = a_browser(app), a_browser(app)
    by_password(first), by_password(second)
    typed = code_at(alice[1], clock)
    assert 303 == post(first, CODE, code=typed).status_code
    assert 422 == post(second, CODE, code=typed).status_code
    clock.wait(minutes=15)
    assert 302 == second.get(CODE).status_code


def test_a_copied_cookie_of_half_way_is_worth_nothing_afterwards(app: Flask, alice: Opened, clock: Clock) -> None:
    """Seen failing with a step that nobody ended."""
    browser = a_browser(app)
    by_password(browser)
    copied = browser.get_cookie("weshare").value
    post(browser, CODE, code=code_at(alice[1], clock))
    browser.set_cookie("weshare", copied)
    assert 302 == browser.get(CODE).status_code


def test_each_recovery_code_opens_once(app: Flask, alice: Opened) -> None:
    codes = alice[2]
    assert 10 == len(set(codes))
    for typed, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 422), (codes[1], 303)):
        browser = a_browser(app)
        by_password(browser)
        assert status == post(browser, CODE, code=typed).status_code


def test_a_passkey_is_enough_by_itself(app: Flask, alice: Opened) -> None:
    browser, device = alice[0], Device()
    add_passkey(browser, device)
    other = a_browser(app)
    state = other.get("/sign-in").location.split("state=")[1].split("&")[0]
    assert "/session?" in sign_in_with(other, device, state).location


def test_switching_off_needs_a_code(app: Flask, alice: Opened, clock: Clock) -> None:
    browser, secret, _codes = alice
    assert 422 == post(browser, f"{APP}/off", code="000000").status_code
    assert CODE == by_password(a_browser(app)).location
    assert SECURITY == post(browser, f"{APP}/off", code=code_at(secret, clock)).location
    assert "/session?" in by_password(a_browser(app)).location


def test_whoever_has_lost_everything_waits_three_days_and_is_written_to(
    app: Flask, world: World, alice: Opened, clock: Clock
) -> None:
    """No staff. Seen failing with a waiting that nobody ends, and with one that began anew each time."""
    browser = a_browser(app)
    assert alice
    by_password(browser)
    assert "We wait three days" in page_text(post(browser, f"{CODE}/lost"))
    with world.vault() as session:
        assert "has changed" in mailbox.messages(session)[0].subject
    clock.wait(days=2)
    again = a_browser(app)
    assert CODE == by_password(again).location
    assert "are lost" in page_text(again.get(CODE))
    post(again, f"{CODE}/lost")
    clock.wait(days=1)
    assert "/session?" in by_password(a_browser(app)).location


def test_a_right_code_ends_the_waiting(app: Flask, alice: Opened, clock: Clock) -> None:
    """A stranger said so. Seen failing with lapses_at that stayed."""
    stranger, owner = a_browser(app), a_browser(app)
    by_password(stranger)
    post(stranger, f"{CODE}/lost")
    by_password(owner)
    assert 303 == post(owner, CODE, code=code_at(alice[1], clock)).status_code
    clock.wait(days=4)
    assert CODE == by_password(a_browser(app)).location


def test_ten_wrong_codes_are_enough_and_nobody_is_locked_out_by_a_stranger(app: Flask, alice: Opened) -> None:
    """Only whoever has given the first factor can use the tries up."""
    browser = a_browser(app)
    by_password(browser)
    token = csrf_of(browser.get(CODE))
    count_tries()
    tries = [browser.post(CODE, data={"csrf_token": token, "code": "000000"}).status_code for _ in range(11)]
    assert [422] * 10 + [429] == tries
    limiter.reset()
    assert 302 == a_browser(app).get(CODE).status_code
    assert alice


def test_the_secret_is_sealed_under_the_persons_own_key(app: Flask, world: World, alice: Opened, clock: Clock) -> None:
    """One person's row put in place of another's opens nothing, and the codes on paper still do."""
    known_to_the_vault(world, "dora", "dora@example.org")
    dora = a_browser(app)
    enter(dora, email="dora@example.org")
    switch_on(dora, clock)
    with world.vault() as session:
        one, other = session.scalars(select(PersonFactor).order_by(PersonFactor.person_id))
        assert alice[1].encode() not in one.secret_sealed
        one.secret_sealed = other.secret_sealed
        session.commit()
    browser = a_browser(app)
    by_password(browser)
    assert 422 == post(browser, CODE, code=code_at(alice[1], clock)).status_code
    assert 303 == post(browser, CODE, code=alice[2][0]).status_code


def test_everything_is_in_the_ledger(app: Flask, world: World, alice: Opened, clock: Clock) -> None:
    browser = a_browser(app)
    by_password(browser)
    post(browser, CODE, code=code_at(alice[1], clock))
    with world.vault() as session:
        rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
    found = [(row.action, dict(row.facts)) for row in rows]
    assert ("second-factor.set-up", {}) in found
    assert ("first-factor-given", {"way": "signed-in"}) in found
    assert ("signed-in", {"second_factor": "app"}) == found[-1]
