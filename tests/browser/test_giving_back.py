"""Results and news are given back: written, seen as a participant will, published, read and replied to."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Site
from tests.browser.test_answering import sign_in
from tests.support import chromium
from tests.support.answers import answer_all


def staff_in(page: Page) -> None:
    page.goto("/staff/sign-in")
    page.locator("#login").fill("bob")
    page.locator("#password").fill("bob-password-2026")
    page.locator("#password").press("Enter")
    expect(page).to_have_url(re.compile("/studies$"))


def test_an_announcement_is_written_previewed_published_read_and_answered(new_page: NewPage):
    bob = new_page(language="en-GB")
    staff_in(bob)
    bob.goto("/studies/HORIZON/posts/new?kind=survey")
    for field in bob.locator("main input.input, main textarea.input").all():
        field.fill("Retour au travail" if field.get_attribute("type") == "text" else "Quelques mots simples.")
    chromium.follow(bob.locator("main form .button-primary").first)
    expect(bob.locator("main")).to_contain_text("Retour au travail")
    chromium.follow(bob.get_by_role("link", name=re.compile("Publish")).first)
    chromium.follow(bob.get_by_role("button", name=re.compile("Publish")))
    expect(bob.locator("main")).to_contain_text("Published")

    alice = new_page(language="fr-FR", size=chromium.PHONE)
    sign_in(alice, "Se connecter")
    expect(alice.locator("main")).to_contain_text("Nouveau")
    chromium.follow(alice.get_by_role("link", name=re.compile("Actualités")).first)
    chromium.follow(alice.get_by_role("link", name="Retour au travail"))
    chromium.follow(alice.locator("main form button").first)
    alice.goto("/account")
    expect(alice.locator("main .badge-new")).to_have_count(0)
    bob.goto("/studies/HORIZON/posts")
    bob.get_by_role("link", name="Retour au travail").click()
    expect(bob.locator("main")).to_contain_text("H-001")


def test_an_investigator_follows_the_study_and_takes_the_data_away(site: Site, new_page: NewPage):
    now = datetime.now(UTC)
    with site.world.study() as session:
        answer_all(session, site.world, "alice", at=now)
        session.commit()
    bob = new_page(language="en-GB")
    staff_in(bob)
    bob.get_by_role("link", name="Study HORIZON").click()
    expect(bob.locator("main")).to_contain_text("H-001")
    bob.get_by_role("link", name="H-001").click()
    expect(bob.locator("svg.chart")).to_have_count(1)
    bob.goto("/studies/HORIZON/course")
    expect(bob.locator("table")).to_contain_text("At the start")
    bob.goto("/studies/HORIZON/data")
    with bob.expect_download() as download:
        bob.get_by_role("link", name=re.compile("Scores")).first.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "H-001" in text
    assert "66.66" in text
