"""S4: a sign-in cannot be read by scripts, sent from elsewhere, fixed beforehand, or used after its end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.factory import create_app
from app.identity import mailbox
from app.web.access import Who, access_of
from app.web.limits import limiter
from app.web.vault.duty import STEP
from tests.support import stage, ways_in
from tests.support import world as worlds
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of
from tests.support.signing_in import Clock, ask_for_link, is_in, key_of, known_to_the_vault, path_of
from tests.support.world import AT, World


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only the test moves."""
    stopped = Clock()
    monkeypatch.setattr("app.web.transaction.now", stopped)
    return stopped


HOME = "https://weshare.example/staff/sign-in"


def cookie_of(answer: Any) -> str:
    """The sign-in's cookie as it is set."""
    return next(value for value in answer.headers.getlist("Set-Cookie") if "weshare=" in value)


def test_over_https_the_cookie_is_bound_to_this_host_secure_and_unreadable_for_scripts(world: World):
    """Seen failing without SESSION_COOKIE_SECURE."""
    app = create_app(replace(world.config, public_url="https://weshare.example", vault_url="https://weshare.example"))
    answer = app.test_client().get("/sign-in", base_url="https://weshare.example")
    cookie = cookie_of(answer)
    assert cookie.startswith("__Host-weshare=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    app.extensions["weshare"].databases.close()


@pytest.mark.parametrize(
    ("name", "page", "idle", "absolute"),
    [("alice", "/account", 60, 12), ("bob", "/studies", 30, 10)],
)
def test_a_sign_in_ends_when_it_rests_when_it_is_old_and_when_somebody_signs_out(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, name: str, page: str, idle: int, absolute: int
):
    """Seen failing when find() compared no instants, and when signing out only cleared the cookie."""
    at = AT
    monkeypatch.setattr("app.web.transaction.now", lambda: at)
    client = app.test_client()
    worlds.sign_in(world, client, name, at)
    started = at
    while at < started + timedelta(hours=absolute) - timedelta(minutes=idle):
        at += timedelta(minutes=idle - 2)
        assert 200 == client.get(page).status_code
    at = started + timedelta(hours=absolute)
    assert 302 == client.get(page).status_code

    worlds.sign_in(world, client, name, at)
    assert 200 == client.get(page).status_code
    at += timedelta(minutes=idle)
    assert 302 == client.get(page).status_code

    worlds.sign_in(world, client, name, at)
    copied = client.get_cookie("weshare").value
    client.post("/sign-out", data={"csrf_token": csrf_of(client.get(page))})
    client.set_cookie("weshare", copied)
    assert 302 == client.get(page).status_code


def test_the_cookie_by_which_a_browser_is_known_again_is_no_less_guarded(world: World) -> None:
    config = replace(world.config, public_url="https://weshare.example", vault_url="https://weshare.example")
    app = create_app(config)
    limiter.enabled = False
    browser, at_home = app.test_client(), {"base_url": "https://weshare.example", "headers": {"Referer": HOME}}
    token = csrf_of(browser.get("/staff/sign-in", **at_home))
    form = {"csrf_token": token, "login": "bob", "password": "bob-password-2026"}
    answer = browser.post("/staff/sign-in", data=form, **at_home)
    limiter.enabled = True
    assert 303 == answer.status_code
    known = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-known="))
    for flag in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert flag in known
    assert "bob" not in known
    app.extensions["weshare"].databases.close()


def test_every_cookie_belongs_to_this_host_alone(world: World) -> None:
    """Seen failing with the language's cookie, which a neighbouring host of the domain could have set."""
    app = create_app(replace(world.config, public_url="https://weshare.example", vault_url="https://weshare.example"))
    browser, at_home = app.test_client(), {"base_url": "https://weshare.example", "headers": {"Referer": HOME}}
    form = {"csrf_token": csrf_of(browser.get("/about", **at_home)), "lang": "en"}
    set_here = browser.post("/language", data=form, **at_home).headers.getlist("Set-Cookie")
    assert any(value.startswith("__Host-language=en") for value in set_here)
    assert all(value.startswith("__Host-") and "Secure" in value and "SameSite=Lax" in value for value in set_here)
    assert 'lang="en"' in browser.get("/about", **at_home).text
    app.extensions["weshare"].databases.close()


def test_signing_in_by_a_mailed_link_gives_the_browser_a_new_key(app: Flask, world: World) -> None:
    """Fixation: what was planted in the browser before is not what signs in after."""
    known_to_the_vault(world)
    browser = app.test_client()
    worlds.sign_in(world, browser, "charlie")
    planted = key_of(browser)
    browser.post("/sign-out", data={"csrf_token": csrf_of(browser.get("/about"))})
    ask_for_link(browser)
    with world.vault() as session:
        link = path_of(mailbox.messages(session)[0].text.split("http", 1)[1].split()[0].split("localhost", 1)[1])
    back = browser.post(link, data={"csrf_token": csrf_of(browser.get(link))})
    browser.get(path_of(back.location))
    assert is_in(browser)
    assert key_of(browser) not in (None, planted)


@pytest.mark.parametrize(("role", "rest"), [("alice", 60), ("bob", 30), ("dana", 30)])
def test_whoever_rested_too_long_loses_nothing_that_was_typed_on_any_page(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, role: str, rest: int
) -> None:
    """Every form that was open to somebody comes back with what stood in it, but for passwords, to be sent once more.

    Seen failing with a plain 401.
    """
    at = AT
    monkeypatch.setattr("app.web.transaction.now", lambda: at)
    found = stage.build(app, world)
    client = stage.browser_of(found, role)
    token = stage.token_of(client)
    at += timedelta(minutes=rest)
    typed = {"reason": f"{role} typed this <b>", "password": "a-secret-of-mine", "csrf_token": token}
    tried = 0
    for row, method, address in stage.calls(found):
        who = access_of(app, row.split()[1]).who
        if method == "GET" or who in (Who.ANYONE, Who.DEMO, Who.OPERATOR):
            continue
        page = client.post(address, data=typed)
        tried += 1
        assert 401 == page.status_code, row
        assert f'name="reason" value="{role} typed this &lt;b&gt;"' in page.text, row
        assert "a-secret-of-mine" not in page.text, row
    assert tried > 50


def test_every_step_to_a_code_and_every_passkey_gives_the_browser_a_new_key(
    app: Flask, world: World, clock: Clock
) -> None:
    """Fixation on the vault's own pages: no key of one step is that of the next."""
    known_to_the_vault(world)
    browser, device = app.test_client(), Device()
    ways_in.enter(browser)
    keys = [held(browser)]
    secret, _codes = ways_in.switch_on(browser, clock)
    ways_in.add_passkey(browser, device)
    ways_in.enter(browser)
    keys.append(held(browser))
    ways_in.post(browser, ways_in.CODE, code=ways_in.code_at(secret, clock))
    keys.append(held(browser))
    state = browser.get("/sign-in").location.split("state=")[1].split("&")[0]
    back = ways_in.sign_in_with(browser, device, state)
    assert 3 == len(set(keys) - {None})
    assert held(browser) is None
    planted = key_of(browser)
    browser.get(path_of(back.location))
    assert key_of(browser) not in (None, planted)


def held(browser: Any) -> str | None:
    """The key to the vault's own pages that the browser holds."""
    with browser.session_transaction() as cookie:
        found: str | None = cookie.get(STEP)
        return found


def test_a_professionals_passkey_gives_the_browser_a_new_key(app: Flask, world: World) -> None:
    browser, device = app.test_client(), Device()
    worlds.sign_in(world, browser, "bob")
    ways_in.show_again(browser, "/staff/account/proof", "bob-password-2026")
    asked = ways_in.post(browser, "/staff/account/passkeys/start", name="Key")
    ways_in.post(browser, "/staff/account/passkeys", name="Key", credential=device.make(asked.json))
    planted = key_of(browser)
    asked = ways_in.post(browser, "/staff/passkeys/start")
    assert 303 == ways_in.post(browser, "/staff/passkeys", credential=device.sign(asked.json)).status_code
    assert key_of(browser) not in (None, planted)
    assert 200 == browser.get("/studies").status_code
