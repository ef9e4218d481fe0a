"""An investigator designs a study, at a desk and on a phone of 360 px, with the mouse and with axe looking on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.support import chromium
from tests.support.look import is_wider_than_its_window, violations

SIZES = {"desk": (chromium.DESK, "light"), "phone": ({"width": 360, "height": 740}, "dark")}


def look(page: Page) -> None:
    """Nothing for axe to find, and nothing to scroll sideways for."""
    assert [] == violations(page), page.url
    assert not is_wider_than_its_window(page), page.url


def press(page: Page, name: str) -> None:
    """The button of that name; the page that comes is looked at."""
    chromium.follow(page.get_by_role("button", name=name, exact=True).first)
    look(page)


def follow(page: Page, name: str) -> None:
    """The same for a link."""
    chromium.follow(page.locator("main").get_by_role("link", name=name, exact=True).first)
    look(page)


def sign_in(page: Page, login: str) -> None:
    page.goto("/staff/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(f"{login}-password-2026")
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/(studies|manage)$"))
    page.goto("/studies")


@pytest.mark.parametrize("size", SIZES)
def test_from_an_idea_to_a_live_study(new_page: NewPage, size: str):
    window, scheme = SIZES[size]
    page = new_page(language="en-GB", size=window, color_scheme=scheme)
    page.watch.expected = {409, 422}
    sign_in(page, "dana")
    follow(page, "Create a study")
    press(page, "Create the study")
    expect(page.locator(".error-summary")).to_contain_text("Enter a code.")
    page.locator("#code").fill("NOVA")
    for box in page.locator("input[name=languages]").all():
        box.check()
    for name in ("title-fr", "title-en", "contact-fr", "contact-en"):
        page.locator(f"#{name}").fill(f"NOVA {name}")
    press(page, "Create the study")
    follow(page, "Change sites and team")
    page.locator("#site_code").fill("01")
    page.locator("#site_name").fill("Centre Un")
    press(page, "Add the site")
    page.locator("#login").fill("bob")
    press(page, "Appoint")

    bob = new_page(language="en-GB", size=window, color_scheme=scheme)
    bob.watch.expected = {409}
    sign_in(bob, "bob")
    bob.goto("/studies/NOVA/design")
    look(bob)
    follow(bob, "Open the protocol")
    follow(bob, "Add an event")
    bob.locator("#key").fill("inclusion")
    bob.locator("#title-fr").fill("Inclusion")
    bob.locator("#title-en").fill("Inclusion")
    press(bob, "Save in the draft")
    follow(bob, "Add a visit")
    bob.locator("#key").fill("M0")
    bob.locator("#title-fr").fill("Au début")
    bob.locator("#title-en").fill("At the start")
    bob.locator("#instruments").select_option("weshare-core@1.0")
    bob.locator("#closes").fill("1")
    press(bob, "Save in the draft")
    expect(bob.locator(".error-summary")).to_contain_text("It is due after it closes.")
    bob.locator("#closes").fill("4")
    press(bob, "Save in the draft")
    expect(bob.locator("#calendar")).to_be_visible()
    expect(bob.locator(".timeline-window")).to_have_count(1)
    follow(bob, "Publish the protocol")
    press(bob, "Publish version 1")
    follow(bob, "Go live")
    expect(bob.locator("main")).to_contain_text("Every message tested in each language")
    follow(bob, "Test the messages")
    for box in bob.locator("input[name=read]").all():
        box.check()
    press(bob, "I have read these messages")
    bob.goto("/studies/NOVA/design/go-live")
    press(bob, "Go live now")
    expect(bob.locator("main")).to_contain_text("The study is live.")
    look_at_the_pages_for_participants(bob)


def look_at_the_pages_for_participants(page: Page) -> None:
    """Those of HORIZON, which has participants."""
    person = "/studies/HORIZON/participants/H-001"
    for address in (
        "/studies/HORIZON",
        "/studies/HORIZON?state=open&visit=M0",
        person,
        f"{person}/events/inclusion/1?on=2026-01-01",
        f"{person}/leave",
        f"{person}/leave/use",
        f"{person}/about",
        "/studies/HORIZON/enrol",
        "/studies/HORIZON/design/file",
        "/studies/HORIZON/design/amendments",
        "/studies/HORIZON/design/time-machine?people=3&years=1&seed=1&start=2026-01-01",
    ):
        page.goto(address)
        look(page)
