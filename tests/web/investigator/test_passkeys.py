"""A professional's passkey: two factors in one, made after a proof, and a door that no storm closes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import StaffPasskey
from app.audit.models import AuditEntry
from app.factory import create_app
from app.web import proof
from app.web.limits import limiter
from tests.support import world as worlds
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of, page_text
from tests.support.signing_in import Clock, a_browser, count_tries, path_of
from tests.support.ways_in import post, proven
from tests.support.world import World

ACCOUNT, PASSWORD = "/staff/account", "bob-password-2026"
REFUSED = "This passkey does not open an account here"


@pytest.fixture
def production(world: World) -> Iterator[Flask]:
    """The application as it runs outside the demonstration, where professionals need two factors."""
    app = create_app(replace(world.config, mode="production"))
    app.config.update(TESTING=True)
    limiter.enabled = False
    yield app
    limiter.enabled = True
    app.extensions["weshare"].databases.close()


@pytest.fixture
def device(production: Flask, world: World, clock: Clock) -> Device:
    """Bob's, with a passkey on it."""
    browser, found = a_browser(production), Device()
    worlds.sign_in(world, browser, "bob", clock.at)
    proven(browser, "staff:1", clock.at)
    assert 303 == add(browser, found).status_code
    return found


def add(browser: Any, device: Device) -> Any:
    asked = post(browser, f"{ACCOUNT}/passkeys/start", name="Key of the office")
    if asked.status_code != 200:
        return asked
    return post(browser, f"{ACCOUNT}/passkeys", name="Key of the office", credential=device.make(asked.json))


def enter(browser: Any, device: Device, **fields: str) -> Any:
    asked = post(browser, "/staff/passkeys/start")
    return post(browser, "/staff/passkeys", credential=device.sign(asked.json), **fields)


def refused(browser: Any, answer: Any) -> bool:
    return REFUSED in page_text(browser.get(path_of(answer.location)))


def test_it_opens_the_studies_without_password_or_code_and_is_on_record(
    production: Flask, device: Device, world: World
) -> None:
    browser = a_browser(production)
    assert "/studies/HORIZON" == enter(browser, device, next="/studies/HORIZON").location
    assert 200 == browser.get("/studies").status_code
    assert "/studies" == enter(a_browser(production), device, next="https://evil.example").location
    with world.study() as session:
        acts = [(one.action, dict(one.facts)) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert ("staff.passkey-added", {}) == acts[0]
    assert ("staff.signed-in", {"second_factor": "passkey"}) == acts[1]


def test_it_opens_the_door_while_a_storm_of_passwords_is_on_its_owner(production: Flask, device: Device) -> None:
    """From a browser in which nobody has signed in before, and which the password does not open meanwhile."""
    count_tries()
    for number in range(12):
        stranger = a_browser(production)
        stranger.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        form = {"csrf_token": csrf_of(stranger.get("/staff/sign-in")), "login": "bob", "password": "wrong"}
        last = stranger.post("/staff/sign-in", data=form)
    assert 429 == last.status_code
    bob = a_browser(production)
    form = {"csrf_token": csrf_of(bob.get("/staff/sign-in")), "login": "bob", "password": PASSWORD}
    assert 429 == bob.post("/staff/sign-in", data=form).status_code
    assert "/studies" == enter(bob, device).location


def test_none_is_made_without_a_proof(production: Flask, world: World, clock: Clock) -> None:
    """An open screen is not enough, nor another's proof, nor an old one. Seen failing without each comparison."""
    browser = a_browser(production)
    worlds.sign_in(world, browser, "bob", clock.at)
    assert 403 == add(browser, Device()).status_code
    assert f"{ACCOUNT}/proof" == post(browser, f"{ACCOUNT}/passkeys", name="x", credential="{}").location
    proven(browser, "staff:2", clock.at)
    assert 403 == add(browser, Device()).status_code
    proven(browser, "staff:1", clock.at - proof.HOLDS)
    assert 403 == add(browser, Device()).status_code
    proven(browser, "staff:1", clock.at)
    assert 422 == post(browser, f"{ACCOUNT}/passkeys", name="x", credential="{}").status_code
    with world.study() as session:
        assert [] == list(session.scalars(select(StaffPasskey)))


def test_a_removed_one_another_origin_and_an_unverified_holder_open_nothing(
    production: Flask, device: Device, world: World, clock: Clock
) -> None:
    browser = a_browser(production)
    device.verifies = False
    assert refused(browser, enter(browser, device))
    device.verifies, device.origin = True, "http://evil.example"
    assert refused(browser, enter(browser, device))
    device.origin = "http://localhost"
    assert "/studies" == enter(browser, device).location
    worlds.sign_in(world, browser, "dana", clock.at)
    proven(browser, "staff:3", clock.at)
    with world.study() as session:
        (handle,) = session.scalars(select(StaffPasskey.handle))
    post(browser, f"{ACCOUNT}/passkeys/remove", handle=handle)
    assert "/studies" == enter(a_browser(production), device).location
    worlds.sign_in(world, browser, "bob", clock.at)
    proven(browser, "staff:1", clock.at)
    assert "Key of the office" in page_text(browser.get(ACCOUNT))
    post(browser, f"{ACCOUNT}/passkeys/remove", handle=handle)
    other = a_browser(production)
    assert refused(other, enter(other, device))


def test_a_participants_challenge_opens_no_study(production: Flask, device: Device) -> None:
    """Seen failing with one purpose for both doors."""
    browser = a_browser(production)
    asked = post(browser, "/vault/passkeys/start")
    assert refused(browser, post(browser, "/staff/passkeys", credential=device.sign(asked.json)))


def test_a_lost_telephone_takes_its_passkeys_with_it(production: Flask, device: Device, world: World) -> None:
    dana = a_browser(production)
    worlds.sign_in(world, dana, "dana")
    number = world.staff["bob"]
    page = post(dana, f"/manage/staff/{number}/link", drops_factor="1")
    link = page.text.split("/staff/new-password/")[1].split("<")[0].split('"')[0].strip()
    other = a_browser(production)
    assert 303 == post(other, f"/staff/new-password/{link}", password="seven quiet herons at dawn").status_code
    assert refused(other, enter(other, device))


def test_nobody_has_more_than_ten(production: Flask, device: Device, world: World, clock: Clock) -> None:
    """Said before a device is asked, and once more when two were asked at once. Seen failing without each look."""
    browser = a_browser(production)
    worlds.sign_in(world, browser, "bob", clock.at)
    proven(browser, "staff:1", clock.at)
    waiting = post(browser, f"{ACCOUNT}/passkeys/start", name="The eleventh")
    cookie = browser.get_cookie("weshare").value
    for _number in range(9):
        assert 303 == add(browser, Device()).status_code
    asked = add(browser, Device())
    assert (409, True) == (asked.status_code, "Remove one of them first" in asked.json["message"])
    browser.set_cookie("weshare", cookie)
    late = post(browser, f"{ACCOUNT}/passkeys", name="The eleventh", credential=Device().make(waiting.json))
    assert (422, True) == (late.status_code, "Remove one of them first" in page_text(late))
    assert device.credential


def test_ones_own_passkey_proves_who_one_is_and_nobody_elses(
    production: Flask, device: Device, world: World, clock: Clock
) -> None:
    """Seen failing without the comparison of whose passkey it is."""
    charlie, bob = a_browser(production), a_browser(production)
    for browser, who in ((charlie, "staff-charlie"), (bob, "bob")):
        worlds.sign_in(world, browser, who, clock.at)
    for browser, is_ones_own in ((charlie, False), (bob, True)):
        asked = post(browser, "/staff/passkeys/start")
        answer = post(browser, f"{ACCOUNT}/proof/passkey", credential=device.sign(asked.json))
        assert (ACCOUNT if is_ones_own else f"{ACCOUNT}/proof") == answer.location
        assert is_ones_own is ("Change the password" in page_text(browser.get(ACCOUNT)))
