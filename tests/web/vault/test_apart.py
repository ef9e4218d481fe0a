"""The vault in a process and under a name of its own: its pages for the ways in need nothing of the study side."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.factory import create_app
from app.web.limits import limiter
from tests.support.authenticator import Device
from tests.support.browser_form import page_text
from tests.support.signing_in import STATE, Clock, a_browser, known_to_the_vault
from tests.support.ways_in import SECURITY, add_passkey, enter, post, sign_in_with, switch_on
from tests.support.world import World


@pytest.fixture
def vault_alone(world: World) -> Iterator[Flask]:
    """Only the vault, under its own address."""
    app = create_app(replace(world.config, vault_url="http://vault.example"), ["vault"])
    app.config.update(TESTING=True)
    limiter.enabled = False
    yield app
    limiter.enabled = True
    app.extensions["weshare"].databases.close()


def test_passkeys_and_codes_work_there_and_are_bound_to_its_own_name(
    vault_alone: Flask, world: World, clock: Clock
) -> None:
    """Seen failing with the study side's address for the vault's passkeys."""
    known_to_the_vault(world)
    browser, device = a_browser(vault_alone), Device(origin="http://vault.example")
    assert SECURITY == enter(browser).location
    assert 303 == add_passkey(browser, device).status_code
    switch_on(browser, clock)
    assert "My telephone" in page_text(browser.get(SECURITY))
    assert "http://localhost/account" == post(browser, f"{SECURITY}/leave").location
    assert "http://localhost/session?" in sign_in_with(browser, device, STATE).location
