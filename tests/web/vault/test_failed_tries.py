"""A participant hears of tries that failed: kindly, once, after whatever way in, and nobody is locked out by them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.identity import people
from app.identity.models import LedgerEntry
from app.identity.sign_in_models import PersonTries
from tests.support.browser_form import page_text
from tests.support.signing_in import (
    EMAIL,
    VAULT_PAGE,
    Clock,
    a_browser,
    known_to_the_vault,
    path_of,
    through_the_vault,
    try_vault,
)
from tests.support.statements import statements
from tests.support.ways_in import CODE, SECURITY, code_at, enter, post, switch_on
from tests.support.world import World

TOLD = "to sign in to your account"


@pytest.fixture
def browser(app: Flask, world: World, clock: Clock) -> Any:
    """Nobody's yet; Alice is in the vault."""
    known_to_the_vault(world)
    assert clock.at
    return a_browser(app)


def fail(app: Flask, email: str = EMAIL, times: int = 1) -> None:
    """What is noted is noted once the answer has left."""
    for _ in range(times):
        with try_vault(a_browser(app), email, "wrong") as answer:
            assert 422 == answer.status_code


def counted(world: World) -> dict[int, int]:
    with world.vault() as session:
        return {row.person_id: row.failed for row in session.scalars(select(PersonTries))}


def test_the_account_says_it_once_after_signing_in(app: Flask, browser: Any, world: World, clock: Clock) -> None:
    """Seen failing with the count left as it was, and with nothing handed on to the study side."""
    fail(app, times=2)
    clock.wait(minutes=5)
    home = browser.get(path_of(through_the_vault(browser).location))
    shown = page_text(home)
    assert f"2 tries {TOLD} have failed" in shown
    assert "It may have been you" in shown
    assert "the last one on" in shown
    assert TOLD not in page_text(browser.get("/account"))
    again = a_browser(app)
    assert TOLD not in page_text(again.get(path_of(through_the_vault(again).location)))
    with world.vault() as session:
        facts = list(session.scalars(select(LedgerEntry.facts).where(LedgerEntry.action == "signed-in")))
    assert [{"failed_tries": 2}, {}] == [dict(one) for one in facts]


def test_the_page_of_the_ways_in_says_it_too(app: Flask, browser: Any) -> None:
    """Seen failing with it told on the study side alone."""
    fail(app)
    enter(browser)
    assert f"1 try {TOLD} has failed" in page_text(browser.get(SECURITY))


def test_wrong_codes_count_as_well(app: Flask, browser: Any, clock: Clock) -> None:
    """Seen failing with passwords counted alone."""
    enter(browser)
    secret, _codes = switch_on(browser, clock)
    other = a_browser(app)
    assert CODE == path_of(enter(other).location)
    with post(other, CODE, CODE, code="000000") as wrong:
        assert 422 == wrong.status_code
    assert SECURITY == path_of(post(other, CODE, CODE, code=code_at(secret, clock)).location)
    assert f"1 try {TOLD} has failed" in page_text(other.get(SECURITY))


def test_nothing_of_what_was_typed_is_kept_and_nobodys_tries_are_one_number(app: Flask, world: World) -> None:
    """Seen failing with a row for every address."""
    known_to_the_vault(world)
    fail(app, "nobody@example.org", 2)
    fail(app, "somebody@example.org")
    fail(app)
    with world.vault() as session:
        alice = people.find_by_email(session, EMAIL)
        assert alice is not None
        number = alice.id
        kept = str([vars(row) for row in session.scalars(select(LedgerEntry))])
        assert "nobody" not in kept
        assert "sign-in-failed" not in kept
    assert {people.NOBODY: 3, number: 1} == counted(world)


def test_the_known_and_the_unknown_cost_the_same_statements_before_and_after_the_answer(
    app: Flask, world: World
) -> None:
    """Seen failing with nothing noted for the unknown: what follows the answer holds up the next one."""
    known_to_the_vault(world)
    vault = app.extensions["weshare"].databases.vault
    costs = []
    for email in (EMAIL, "nobody@example.org") * 2:
        browser = a_browser(app)
        token = browser.get(VAULT_PAGE).text.split('name="csrf_token" value="')[1].split('"')[0]
        with statements(vault.engine) as sent:
            answer = browser.post(VAULT_PAGE, data={"csrf_token": token, "email": email, "password": "wrong"})
            before = len(sent)
            answer.close()
        costs.append((before, len(sent)))
    assert 1 == len(set(costs))
    assert costs[0][0] < costs[0][1]


def test_however_many_fail_the_right_password_opens(app: Flask, browser: Any) -> None:
    fail(app, times=12)
    assert 302 == through_the_vault(browser).status_code
