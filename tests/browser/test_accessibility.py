"""Every page of the journey, on a phone and at a desk, light and dark, French and English: axe finds nothing."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.announcements import drafts
from app.announcements.drafts import Draft
from app.announcements.posts import Words
from app.demo_accounts import DEMO_OPERATORS, DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD
from app.identity import operators
from app.studies import protocols
from tests.browser.conftest import NewPage, Site
from tests.browser.test_answering import choose, sign_in
from tests.support import chromium
from tests.support.answers import answer_all
from tests.support.look import is_wider_than_its_window, violations
from tests.support.world import protocol_document

WAYS = {
    "fr-FR": ((chromium.PHONE, "light"), ({"width": 320, "height": 640}, "dark")),
    "en-GB": ((chromium.DESK, "dark"),),
}
"""The windows and colours in which each page is looked at in a language."""
SIGN_IN = {"fr-FR": "Se connecter", "en-GB": "Sign in"}


def opened(new_page: NewPage, language: str) -> Page:
    """A page in a language; ``page.button`` is the sign-in button's name."""
    size, scheme = WAYS[language][0]
    page = new_page(language=language, size=size, color_scheme=scheme)
    page.ways, page.button = WAYS[language], SIGN_IN[language]
    return page


@pytest.fixture(params=WAYS)
def page(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    """A page in one of the languages in which people read it."""
    return opened(new_page, request.param)


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page as it is, in every way to look at it; it is never wider than the window."""
    found = []
    for size, scheme in page.ways:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        wide = ["wider than the window"] if is_wider_than_its_window(page) else []
        found += [f"{size['width']} {scheme}: {fault}" for fault in violations(page) + wide]
    return found


def check(page: Page, *addresses: str) -> None:
    """Open each address and look at it."""
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = faults(page)
    assert {} == {address: faults for address, faults in found.items() if faults}


def faults_of_a_bad_page(page: Page) -> list[str]:
    """The watchman is awake: a picture without words and a page that is too wide are found in each way."""
    page.set_content("<main><h1>x</h1><img><p style='width: 200vw'>a</p></main>")
    return faults(page)


def test_the_pages_for_everybody(page: Page):
    page.watch.expected = {404, 410, 422}
    bad = faults_of_a_bad_page(page)
    for size, scheme in page.ways:
        mine = [fault for fault in bad if fault.startswith(f"{size['width']} {scheme}: ")]
        assert any("image-alt" in fault for fault in mine)
        assert any("wider" in fault for fault in mine)
    check(page, "/", "/about", "/sign-in", "/staff/sign-in", "/vault/mailbox", "/no/such/page", "/l/unknown-link")
    check(page, "/register", "/vault/register/unknown-link", "/vault/address/unknown-link")


def test_whoever_asks_for_less_motion_sees_no_button_fade(page: Page):
    """The context asks for it. Seen failing with the style sheet's answer beaten by the button's own rule."""
    page.goto("/")
    fading = "buttons => buttons.filter(one => getComputedStyle(one).transitionDuration !== '0s').length"
    assert page.locator(".button").count()
    assert 0 == page.locator(".button").evaluate_all(fading)


def test_a_participants_pages(page: Page, site: Site):
    with site.world.study() as session:
        _publish(session, site)
        session.commit()
    sign_in(page, page.button)
    check(
        page,
        "/account",
        "/account/results",
        "/account/settings",
        "/account/news",
        "/account/rights",
        "/account/details",
    )
    page.goto("/account/news")
    check(page, page.locator("main a[href*='/account/news/']").first.get_attribute("href") or "")
    page.goto("/account")
    visit = page.locator("a[href*='/visits/']").first.get_attribute("href") or ""
    check(page, visit)
    page.goto(visit)
    chromium.follow(page.locator("main form .button-primary"))
    sheet = re.sub(r"/(page|item)/.*", "", page.url)
    check(
        page, f"{sheet}/page/1", f"{sheet}/item/1", f"{sheet}/item/30", f"{sheet}/item/2?missing=1", f"{sheet}/review"
    )
    page.goto(f"{sheet}/page/1")
    choose(page, "q1", "2")
    assert [] == faults(page)
    page.goto(f"{sheet}/review?missing=1")
    assert [] == faults(page)
    page.locator("#leave_out").check(force=True)
    page.locator("form[data-once] .button-primary").click()
    page.wait_for_url(re.compile("/done$"))
    check(page, page.url, visit, "/account", "/account/results")


def test_the_pages_about_signing_in(page: Page):
    page.watch.expected = {422}
    towards_security(page)
    page.wait_for_url(re.compile("/vault/security$"))
    check(page, "/vault/security", "/vault/security/app")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    enter_code(page, "000000")
    assert [] == faults(page)
    enter_code(page, pyotp.TOTP(secret).now())
    expect(page.locator(".recovery-codes")).to_be_visible()
    assert [] == faults(page)
    check(page, "/vault/security", "/vault/security/app/off")
    towards_security(page)
    page.wait_for_url(re.compile("/vault/code$"))
    page.locator("summary").click()
    assert [] == faults(page)


def towards_security(page: Page) -> None:
    page.goto("/vault/security/enter")
    page.locator("#email").fill(DEMO_PATIENT_EMAIL)
    page.locator("#password").fill(DEMO_PATIENT_PASSWORD)
    page.locator("#password").press("Enter")


def enter_code(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    chromium.follow(page.locator("#code"), "Enter")


def test_an_operators_pages(page: Page, site: Site):
    with site.world.vault() as session:
        for login, password in DEMO_OPERATORS:
            operators.add(session, login, login.title(), password, datetime.now(UTC))
        left = operators.add(session, "odile", "Odile", "a long password of somebody", datetime.now(UTC))
        left.closed_at = datetime.now(UTC)
        session.commit()
    page.goto("/vault/operators/sign-in")
    page.locator("#login").fill(DEMO_OPERATORS[0][0])
    page.locator("#password").fill(DEMO_OPERATORS[0][1])
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/vault/operators$"))
    check(
        page,
        "/vault/operators",
        "/vault/operators/account",
        "/vault/operators/account/proof",
        "/vault/operators/access",
        "/vault/operators/sign-outs",
        "/vault/operators/access/3",
        "/vault/operators/access/2",
    )
    chromium.follow(page.locator("main form[action$='/lost'] button"))
    expect(page.locator("code.secret")).to_be_visible()
    assert [] == faults(page)


def test_an_investigators_pages(page: Page, site: Site):
    now = datetime.now(UTC)
    with site.world.study() as session:
        answer_all(session, site.world, "alice", at=now)
        answer_all(session, site.world, "dora", at=now)
        _publish(session, site)
        session.commit()
    page.goto("/staff/sign-in")
    page.locator("#login").fill("bob")
    page.locator("#password").fill("bob-password-2026")
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/studies$"))
    study = "/studies/HORIZON"
    check(page, "/studies", study, f"{study}/participants/H-001", f"{study}/course", f"{study}/data", f"{study}/posts")
    check(page, f"{study}/enrol/list", f"{study}/rights")
    check(page, f"{study}/posts/new?kind=summary", f"{study}/posts/new?kind=trial")
    page.goto(f"{study}/posts")
    check(page, page.locator("main a[href*='/posts/']:not([href*='new'])").first.get_attribute("href") or "")


def test_the_pages_on_which_a_site_enters_forms_and_facts(page: Page, site: Site):
    page.watch.expected = {422}
    page.goto("/staff/sign-in")
    page.locator("#login").fill("bob")
    page.locator("#password").fill("bob-password-2026")
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/studies$"))
    with site.world.study() as session:
        document = protocol_document(("weshare-core@1.0", "wsas@1.0"))
        protocols.publish(session, site.world.study_id, document, datetime.now(UTC))
        session.commit()
    study, alice = "/studies/HORIZON", "/studies/HORIZON/participants/H-001"
    check(page, f"{study}/paper?subject=nobody", f"{alice}/paper", f"{alice}/facts", f"{alice}/facts/retired")
    page.goto(f"{alice}/visits/M0/1/paper")
    page.locator("#answered").fill("2020-01-01")
    chromium.follow(page.locator("form[data-once] .button-primary"))
    assert [] == faults(page)
    page.locator("#answered").fill(datetime.now(UTC).date().isoformat())
    page.locator("form[data-once] .button-primary").click()
    page.wait_for_url(re.compile("/page/1$"))
    sheet = page.url.split("/page/")[0]
    check(page, f"{sheet}/page/1?missing=1", f"{sheet}/review?missing=1", f"{sheet}/give-up")


def test_the_library_of_instruments_and_a_preview(page: Page):
    page.goto("/staff/sign-in")
    page.locator("#login").fill("bob")
    page.locator("#password").fill("bob-password-2026")
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/studies$"))
    core, topics = "/instruments/weshare-core@1.0", "/instruments/audit-c@1.0"
    check(page, "/instruments", "/instruments?q=nothing-like-it", core, "/instruments/eortc-qlq-c30@3.0")
    preview = f"{core}/preview/fr"
    check(page, preview, f"{preview}/item/1", f"{preview}/page/6?missing=1", f"{preview}/review", f"{preview}/scores")
    check(page, f"{preview}/paper", f"{topics}/preview/topics", f"{topics}/preview/topics/item/1")
    page.locator("label[for=q1-1]").click()
    page.locator("button[value=scores]").click()
    page.wait_for_url(re.compile("/scores"))
    assert [] == faults(page)


def _publish(session, site: Site) -> None:
    words = Words("Un nouveau questionnaire", "Bonjour.\n\n- un\n- deux", "Tous", "Répondre", "Dix minutes", "Bob")
    draft = Draft({"fr": words, "en": words}, None)
    at = datetime.now(UTC)
    post = drafts.start(session, site.world.study_id, "survey", draft, site.world.staff["bob"], at)
    drafts.publish(session, post, ["fr", "en"], None, post.revision, at)
