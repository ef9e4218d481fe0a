"""S4: a sign-in cannot be read by scripts, sent from elsewhere, fixed beforehand, or used after its end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.factory import create_app
from tests.support import world as worlds
from tests.support.browser_form import csrf_of
from tests.support.world import AT, World


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
