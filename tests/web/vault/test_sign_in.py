"""The vault's sign-in: one answer for an unknown address and a wrong password, and a pseudonym for the right ones."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from app import demo_accounts, passwords
from app.factory import create_app
from app.identity import identities
from app.identity.models import LedgerEntry, Person
from app.web.limits import limiter
from tests.support.browser_form import csrf_of, page_text
from tests.support.people import PASSWORD
from tests.support.signing_in import (
    EMAIL,
    STATE,
    VAULT_PAGE,
    a_browser,
    count_tries,
    known_to_the_vault,
    password_hash_of,
    try_vault,
)
from tests.support.world import ACCOUNTS, World

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(app: Flask, world: World) -> Any:
    """A browser; the vault knows Alice."""
    known_to_the_vault(world)
    return a_browser(app)


def without_tokens(answer: Any) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_the_right_password_leads_back_with_a_signed_pseudonym_and_nothing_of_the_person(browser: Any) -> None:
    answer = try_vault(browser)
    assert answer.status_code == 303
    back = urlsplit(answer.location)
    assert (back.netloc, back.path) == ("", "/session")
    claims = jwt.decode(parse_qs(back.query)["assertion"][0], options={"verify_signature": False})
    assert (claims["sub"], claims["state"], claims["aud"]) == (ACCOUNTS["alice"], STATE, "http://localhost")
    assert "alice@" not in str(claims)
    assert "Alice" not in str(claims)


def test_a_vault_with_an_address_of_its_own_leads_back_to_the_study_side(world: World) -> None:
    """Seen failing with an address relative to the vault."""
    known_to_the_vault(world)
    apart = create_app(replace(world.config, vault_url="http://vault.localhost"))
    browser = a_browser(apart)
    assert browser.get("/sign-in").location.startswith("http://vault.localhost/vault/sign-in?")
    assert browser.get("/vault/sign-in").location == "http://localhost/sign-in"
    assert try_vault(browser).location.startswith("http://localhost/session?assertion=")
    apart.extensions["weshare"].databases.close()


def test_a_sign_in_is_in_the_ledger_by_pseudonym(browser: Any, world: World) -> None:
    try_vault(browser)
    with world.vault() as session:
        entry = session.scalars(select(LedgerEntry)).one()
    assert (entry.actor, entry.action) == (f"account:{ACCOUNTS['alice']}", "signed-in")


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(app: Flask, world: World) -> None:
    """Seen failing with another sentence, and with another status, for an address that nobody has."""
    unknown = try_vault(a_browser(app), password="wrong")
    known_to_the_vault(world)
    wrong = try_vault(a_browser(app), password="wrong")
    assert unknown.status_code == wrong.status_code == 422
    assert without_tokens(unknown) == without_tokens(wrong)
    varying = {"X-Request-Id", "Set-Cookie", "Content-Length"}
    headers = [{name: value for name, value in a.headers.items() if name not in varying} for a in (unknown, wrong)]
    assert headers[0] == headers[1]


def test_after_a_mistake_the_address_is_still_there_and_the_password_is_not(browser: Any) -> None:
    answer = try_vault(browser, password="a wrong password")
    assert f'value="{EMAIL}"' in answer.text
    assert "a wrong password" not in answer.text
    assert 'class="error-summary"' in answer.text
    assert answer.text.index("error-summary") < answer.text.index('id="email"')
    assert try_vault(browser).status_code == 303


def test_each_empty_field_is_named(browser: Any) -> None:
    answer = try_vault(browser, email="", password="")
    assert answer.status_code == 422
    assert 'href="#email">Enter your e-mail address.' in answer.text
    assert 'href="#password">Enter your password.' in answer.text


@pytest.mark.parametrize("typed", ['"><script>alert(1)</script>', "x" * 300, "\x00", "é@ß.example", "' OR 1=1 --"])
def test_odd_input_is_refused_kindly_and_shown_escaped(browser: Any, typed: str) -> None:
    answer = try_vault(browser, email=typed, password="x")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert try_vault(browser, password="x" * 5_000).status_code == 422


def test_without_the_pages_own_token_nobody_is_signed_in(browser: Any) -> None:
    answer = browser.post(VAULT_PAGE, data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("state", ["", "short", "x" * 65, "a b" * 10, "é" * 32, "%0d%0aSet-Cookie:x" * 3])
def test_a_visit_that_did_not_begin_on_the_study_side_begins_there(browser: Any, state: str) -> None:
    answer = browser.get("/vault/sign-in", query_string={"state": state})
    assert (answer.status_code, answer.location) == (302, "/sign-in")


def test_the_page_is_read_on_in_the_language_of_the_study_side_unless_another_was_chosen_here(browser: Any) -> None:
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    assert '<html lang="en"' in browser.get(f"{VAULT_PAGE}&lang=en").text
    browser.set_cookie("language", "en")
    assert '<html lang="en"' in browser.get(f"{VAULT_PAGE}&lang=fr").text


def test_a_password_kept_with_older_parameters_is_hashed_again_when_it_was_right(browser: Any, world: World) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD)
    with world.vault() as session:
        identities.change(session, session.scalars(select(Person)).one(), {"password_hash": older})
        session.commit()
    try_vault(browser, password="wrong")
    assert password_hash_of(world) == older
    assert try_vault(browser).status_code == 303
    assert not passwords.is_outdated(password_hash_of(world))


def test_the_demo_sign_in_is_shown_in_the_demonstration_and_works(browser: Any, world: World) -> None:
    known_to_the_vault(world, "dora", "other@example.org")
    page = browser.get(VAULT_PAGE)
    assert demo_accounts.DEMO_PATIENT_EMAIL in page_text(page)
    assert demo_accounts.DEMO_PATIENT_PASSWORD in page_text(page)


def test_no_demo_sign_in_is_shown_in_production(world: World) -> None:
    """Seen failing without the look at config.is_demo."""
    production = create_app(replace(world.config, mode="production"))
    for page in (VAULT_PAGE, "/staff/sign-in"):
        shown = a_browser(production).get(page)
        assert shown.status_code == 200
        for secret in (demo_accounts.DEMO_PATIENT_PASSWORD, demo_accounts.DEMO_STAFF_PASSWORD):
            assert secret not in shown.text
    production.extensions["weshare"].databases.close()


def test_one_persons_password_can_be_guessed_ten_times_and_nobody_else_waits(app: Flask, browser: Any) -> None:
    """Seen failing without SIGN_INS_PER_PERSON; counted for unknown addresses too, or the limit would tell."""
    count_tries()
    for email in (EMAIL, "nobody@example.org"):
        tries = [try_vault(browser, email=email.upper() if n % 2 else email, password="x") for n in range(11)]
        assert [answer.status_code for answer in tries] == [422] * 10 + [429]
        assert "Please wait a few minutes" in page_text(tries[-1])
    assert browser.get(VAULT_PAGE).status_code == 200
    assert try_vault(a_browser(app), email="dora@example.org", password="x").status_code == 422


def test_a_storm_of_wrong_passwords_does_not_keep_out_a_person_whose_browser_is_known(app: Flask, browser: Any) -> None:
    """Seen failing with the person alone as the key. A cookie that was made up is worth nothing."""
    assert try_vault(browser).status_code == 303
    count_tries()
    stranger = a_browser(app)
    stranger.set_cookie("known", "made.up")
    assert [try_vault(stranger, password="x").status_code for _ in range(11)] == [422] * 10 + [429]
    assert try_vault(a_browser(app)).status_code == 429
    assert try_vault(browser).status_code == 303
    assert [try_vault(browser, password="x").status_code for _ in range(11)][-1] == 429
    assert "alice" not in str(browser.get_cookie("known").value)


def test_one_origin_can_try_thirty_times_a_minute(app: Flask, browser: Any) -> None:
    """Seen failing without SIGN_INS_PER_ORIGIN."""
    count_tries()
    token = csrf_of(browser.get(VAULT_PAGE))
    statuses = [
        browser.post(VAULT_PAGE, data={"csrf_token": token, "email": f"{n}@example.org"}).status_code for n in range(31)
    ]
    assert statuses == [422] * 30 + [429]
    elsewhere = a_browser(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert try_vault(elsewhere).status_code == 303


def test_no_address_is_in_the_store_of_counters(browser: Any) -> None:
    """Seen failing with the typed address itself as the counter's key."""
    count_tries()
    try_vault(browser, password="x")
    counters = str(dict(limiter.storage.storage))
    assert counters.count("LIMITER/") == 3
    assert "alice" not in counters


def test_a_vault_on_a_site_of_its_own_sends_people_back_by_full_address(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where both are one site, only paths are used, so that any name of the machine works in the browser."""
    services = app.extensions["weshare"]
    elsewhere = replace(services, config=replace(services.config, vault_url="http://vault.localhost"))
    monkeypatch.setitem(app.extensions, "weshare", elsewhere)
    assert app.test_client().get("/vault/sign-in").location == "http://localhost/sign-in"
    assert app.test_client().get("/sign-in").location.startswith("http://vault.localhost/vault/sign-in?")
