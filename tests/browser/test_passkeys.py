"""A passkey from the first touch to the last: a real browser, its device made by the browser's own tools."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.demo_accounts import DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD
from app.identity import operators
from tests.browser.conftest import NewPage, Site, serving
from tests.support import chromium
from tests.support.look import is_wider_than_its_window, violations

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(todays_world: Path, tmp_path: Path) -> Iterator[Site]:
    """Under a name: no browser binds a passkey to an address of numbers."""
    with serving(todays_world, tmp_path / "instance", "localhost") as found:
        yield found


def with_device(page: Page) -> str:
    """Give the browser a device that keeps passkeys; how its tools name it."""
    tools = page.context.new_cdp_session(page)
    page.tools = tools
    tools.send("WebAuthn.enable")
    return str(tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"])


def kept(page: Page, device: str) -> int:
    """How many passkeys the device holds."""
    return len(page.tools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"])


def type_password(page: Page, field: str, name: str, password: str) -> None:
    page.locator(f"#{field}").fill(name)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


def looks_right(page: Page) -> None:
    assert [] == violations(page)
    assert not is_wider_than_its_window(page)


def test_a_participant_makes_one_signs_in_with_it_and_removes_it(new_page: NewPage) -> None:
    """Without a password from the second time on; and once it is removed, the device's key opens nothing."""
    page = new_page(language="fr-FR", size={"width": 360, "height": 740})
    page.watch.expected = {422}
    device = with_device(page)
    page.goto("/vault/security/enter")
    type_password(page, "email", DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD)
    page.wait_for_url(re.compile("/vault/security$"))
    page.locator("form[data-passkey] button").click()
    expect(page.locator("[data-said]")).to_contain_text("Donnez un nom")
    assert 0 == kept(page, device)
    page.locator("#name").fill("Mon téléphone")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".notice-success")).to_contain_text("Vous pouvez désormais")
    assert 1 == kept(page, device)
    looks_right(page)

    page.context.clear_cookies()
    page.goto("/sign-in")
    looks_right(page)
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url(re.compile("/account$"))

    page.goto("/vault/security/enter")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url(re.compile("/vault/security$"))
    page.get_by_role("button", name="Supprimer la clé d’accès").click()
    expect(page.locator(".notice-success")).to_contain_text("supprimée")
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.locator(".notice-error")).to_contain_text("n’ouvre aucun compte ici")
    looks_right(page)


def test_a_professional_makes_one_after_a_proof_and_signs_in_with_it(new_page: NewPage) -> None:
    page = new_page(language="en-GB", size=chromium.DESK, color_scheme="dark")
    page.watch.expected = {422}
    device = with_device(page)
    page.goto("/staff/sign-in")
    type_password(page, "login", "bob", "bob-password-2026")
    page.wait_for_url(re.compile("/studies$"))
    page.goto("/staff/account")
    expect(page.locator("form[data-passkey]")).to_have_count(0)
    looks_right(page)
    page.get_by_role("link", name="Show that it is me").click()
    page.locator("#own_password").fill("not the password")
    page.locator("#own_password").press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("not your password of today")
    looks_right(page)
    page.locator("#own_password").fill("bob-password-2026")
    page.locator("#own_password").press("Enter")
    page.wait_for_url(re.compile("/staff/account$"))
    page.locator("#name").fill("Key of the office")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".notice-success")).to_contain_text("From now on you can sign in")
    assert 1 == kept(page, device)
    looks_right(page)
    page.context.clear_cookies()
    page.goto("/staff/sign-in?next=/studies/HORIZON")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"\d/studies/HORIZON$"))
    page.goto("/staff/account/proof")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(re.compile("/staff/account$"))
    expect(page.locator("#old_password")).to_be_visible()


def test_an_operator_makes_one_signs_in_with_it_and_removes_it(new_page: NewPage, site: Site) -> None:
    with site.world.vault() as session:
        operators.add(session, "olga", "Olga", "a long password of hers", datetime.now(UTC))
        session.commit()
    page = new_page(language="fr-FR", size={"width": 360, "height": 740})
    device = with_device(page)
    page.goto("/vault/operators/sign-in")
    looks_right(page)
    type_password(page, "login", "olga", "a long password of hers")
    page.wait_for_url(re.compile("/vault/operators$"))
    page.goto("/vault/operators/account/proof")
    looks_right(page)
    page.locator("#own_password").fill("a long password of hers")
    page.locator("#own_password").press("Enter")
    page.wait_for_url(re.compile("/vault/operators/account$"))
    page.locator("#name").fill("Clé du bureau")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".notice-success")).to_contain_text("Vous pouvez désormais")
    assert 1 == kept(page, device)
    looks_right(page)
    page.context.clear_cookies()
    page.goto("/vault/operators/sign-in")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url(re.compile("/vault/operators$"))
    page.goto("/vault/operators/account/proof")
    page.get_by_role("button", name="Utiliser plutôt une clé d’accès").click()
    page.wait_for_url(re.compile("/vault/operators/account$"))
    page.get_by_role("button", name="Supprimer la clé d’accès").click()
    expect(page.locator(".notice-success")).to_contain_text("supprimée")


def test_without_a_script_and_without_a_device_nothing_is_offered_or_lost(new_page: NewPage) -> None:
    plain = new_page(language="en-GB", java_script_enabled=False)
    plain.goto("/sign-in")
    expect(plain.locator("form[data-passkey]")).to_be_hidden()
    type_password(plain, "email", DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD)
    plain.wait_for_url(re.compile("/account$"))
