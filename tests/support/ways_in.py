"""A participant who looks after the ways in: the vault's own pages, passkeys on a device, an app that shows codes."""

import re
from datetime import datetime
from typing import Any

import pyotp

from app.web import proof
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of
from tests.support.people import PASSWORD
from tests.support.signing_in import EMAIL, VAULT_PAGE, Clock, path_of, try_vault

SECURITY, APP, CODE = "/vault/security", "/vault/security/app", "/vault/code"


def enter(browser: Any, password: str = PASSWORD, email: str = EMAIL) -> Any:
    """Sign in towards the page; what the vault answers to the password."""
    page = path_of(browser.get(f"{SECURITY}/enter").location)
    return try_vault(browser, email, password, page)


def post(browser: Any, address: str, page: str = VAULT_PAGE, /, **fields: str) -> Any:
    """Send a form with this browser's token."""
    return browser.post(address, data={"csrf_token": csrf_of(browser.get(page)), **fields})


def add_passkey(browser: Any, device: Device, name: str = "My telephone") -> Any:
    """Make a passkey on the vault's page, which is open; what is answered at the end."""
    asked = post(browser, f"{SECURITY}/passkeys/start", name=name)
    assert asked.status_code == 200, asked.text
    return post(browser, f"{SECURITY}/passkeys", name=name, credential=device.make(asked.json))


def sign_in_with(browser: Any, device: Device, state: str) -> Any:
    """What the vault answers to a passkey."""
    asked = post(browser, "/vault/passkeys/start")
    return post(browser, "/vault/passkeys", state=state, credential=device.sign(asked.json))


def switch_on(browser: Any, clock: Clock) -> tuple[str, list[str]]:
    """Set an app up on the vault's page, which is open; its secret and the recovery codes. A minute later it is."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', browser.get(APP).text)
    assert found is not None
    secret = found[1].replace(" ", "")
    done = post(browser, APP, code=code_at(secret, clock))
    assert done.status_code == 200, done.text
    clock.wait(minutes=1)
    return secret, codes_of(done)


def proven(browser: Any, who: str, at: datetime) -> None:
    """As if that one had just shown once more, in this browser, who it is; tests of the proof itself type it."""
    with browser.session_transaction() as cookie:
        cookie[proof.PROVEN] = [who, int((at + proof.HOLDS).timestamp())]


def show_again(browser: Any, page: str, password: str, code: str = "") -> Any:
    """Type password and code on the page that asks for them before a change."""
    return post(browser, page, page, own_password=password, own_code=code)


def codes_of(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<code>([a-z2-7-]{29})</code>", page.text)


def code_at(secret: str, clock: Clock, seconds: int = 0) -> str:
    """What the app shows."""
    return pyotp.TOTP(secret).at(int(clock.at.timestamp()) + seconds)
