"""Results and news are given back: written, seen as a participant will, published, read and replied to."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from app.identity import people
from tests.browser.conftest import NewPage, Site
from tests.browser.test_answering import sign_in
from tests.support import chromium
from tests.support.answers import answer_all
from tests.support.look import violations


def staff_in(page: Page, name: str = "bob") -> None:
    page.goto("/staff/sign-in")
    page.locator("#login").fill(name)
    page.locator("#password").fill(f"{name}-password-2026")
    page.locator("#password").press("Enter")
    expect(page).to_have_url(re.compile("/(studies|manage)$"))


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


def test_a_citizen_asks_for_news_and_gets_what_a_data_manager_has_approved(site: Site, new_page: NewPage):
    with site.world.vault() as vault:
        people.register(vault, "nina@example.org", "Nina", "Roy", "fr", "nina-password-2026", datetime.now(UTC))
        vault.commit()
    nina = new_page(language="fr-FR", size=chromium.PHONE)
    nina.goto("/sign-in")
    nina.locator("#email").fill("nina@example.org")
    nina.locator("#password").fill("nina-password-2026")
    nina.get_by_role("button", name="Se connecter", exact=True).click()
    expect(nina).to_have_url(re.compile("/account$"))
    nina.get_by_role("button", name=re.compile("^Oui")).click()
    expect(nina.locator("main")).to_contain_text("Vous en recevez")

    bob = new_page(language="en-GB")
    staff_in(bob)
    bob.goto("/studies/HORIZON/posts/new?kind=survey")
    for field in bob.locator("main input.input, main textarea.input").all():
        field.fill("Une étude sur la marche" if field.get_attribute("type") == "text" else "Quelques mots simples.")
    bob.locator("input[name=audience][value=everybody]").check()
    bob.locator("main form .button-primary").first.click()
    chromium.follow(bob.get_by_role("link", name=re.compile("Propose")))
    bob.get_by_role("button", name="Propose it").click()
    expect(bob.locator("main")).to_contain_text("Waits for approval")

    dana = new_page(language="en-GB")
    staff_in(dana, "dana")
    chromium.follow(dana.get_by_role("link", name="Announcements", exact=True).first)
    chromium.follow(dana.get_by_role("link", name="Une étude sur la marche"))
    expect(dana.locator(".preview")).to_have_count(2)
    assert [] == violations(dana)
    dana.get_by_role("button", name="Approve and publish").click()
    expect(dana.locator("main")).to_contain_text("Approved lately")

    nina.goto("/account")
    expect(nina.locator("main")).to_contain_text("Nouveau")
    chromium.follow(nina.get_by_role("link", name=re.compile("Actualités")).first)
    expect(nina.locator("main")).to_contain_text("Vous pourriez y participer")
    chromium.follow(nina.get_by_role("link", name="Une étude sur la marche"))
    expect(nina.locator("#offer")).to_contain_text("Vous ne participez pas à cette étude")
    assert [] == violations(nina)


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
