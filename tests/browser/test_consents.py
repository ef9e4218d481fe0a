"""A new version of the consent, from the team's form to a participant's answer on a phone without any script."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app.attached import checked
from app.consents import drafts
from app.consents.drafts import Draft
from tests.browser.conftest import NewPage, Site
from tests.browser.test_accessibility import WAYS, check, faults, opened
from tests.browser.test_answering import sign_in
from tests.browser.test_giving_back import staff_in
from tests.consents.builders import WORDS
from tests.support import chromium

CONSENTS = "/studies/HORIZON/consents"


def test_a_version_is_written_published_read_and_answered_without_scripts(new_page: NewPage):
    bob = new_page(language="en-GB")
    staff_in(bob)
    bob.goto(CONSENTS)
    bob.get_by_role("link", name="Write a new version").click()
    bob.locator("#label").fill("2.1 of 3 March")
    bob.locator("label[for=renews]").click()
    for field in bob.locator("main form textarea").all():
        field.fill("Une prise de sang de plus.")
    bob.locator("input[type=file]").first.set_input_files(
        {"name": "note.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 note"}
    )
    bob.get_by_role("button", name="Save and look at it").click()
    expect(bob.locator(".preview")).to_contain_text("I want to talk to somebody first")
    bob.get_by_role("link", name=re.compile("Publish")).click()
    bob.get_by_role("button", name="Publish now").click()
    expect(bob.locator("main")).to_contain_text("2.1 of 3 March (no. 1)")

    alice = new_page(language="fr-FR", size=chromium.PHONE, java_script_enabled=False)
    sign_in(alice, "Se connecter")
    alice.get_by_role("link", name="Lire ce qui est nouveau et répondre").click()
    expect(alice.locator("main")).to_contain_text("Une prise de sang de plus.")
    with alice.expect_download() as started:
        alice.get_by_role("link", name=re.compile("Ouvrir la note")).click()
    assert "note.pdf" == started.value.suggested_filename
    alice.locator("label", has_text="Je ne suis pas d’accord").click()
    alice.get_by_role("button", name="Envoyer ma réponse").click()
    expect(alice.locator("main")).to_contain_text("vous avez dit ne pas être d’accord")
    alice.locator("summary", has_text="J’ai changé d’avis").click()
    alice.locator("label", has_text="Je suis d’accord").click()
    alice.get_by_role("button", name="Envoyer ma réponse").click()
    expect(alice.locator("main")).to_contain_text("Vous avez donné votre accord")
    bob.goto(f"{CONSENTS}/people?state=agreed")
    expect(bob.locator("table")).to_contain_text("H-001")


@pytest.mark.parametrize("language", WAYS)
def test_axe_finds_nothing_on_its_pages(new_page: NewPage, site: Site, language: str):
    now, world = datetime.now(UTC), site.world
    with world.study() as session:
        draft = Draft("2.1", True, "Because.", WORDS, {"fr": checked("note.pdf", b"%PDF-1.7 note")})
        first, version = (drafts.start(session, world.study_id, draft, world.staff["bob"], now) for _number in range(2))
        drafts.publish(session, version, 1, world.staff["bob"], now)
        written, key = first.key, version.key
        session.commit()
    bob = opened(new_page, language)
    bob.watch.expected = {422}
    staff_in(bob)
    check(bob, CONSENTS, f"{CONSENTS}/new", f"{CONSENTS}/{key}", f"{CONSENTS}/{written}", f"{CONSENTS}/people")
    check(bob, *(f"{CONSENTS}/{written}/{page}" for page in ("preview", "publish", "discard")))
    check(bob, "/studies/HORIZON/participants/H-001/consent", "/studies/HORIZON/participants/H-001")
    bob.goto(f"{CONSENTS}/new")
    chromium.follow(bob.locator("main form .button-primary"))
    assert [] == faults(bob)
    alice = opened(new_page, language)
    alice.watch.expected = {422}
    sign_in(alice, alice.button)
    page = f"/account/consents/{key}"
    check(alice, "/account", page, "/account/consents")
    for answer in ("", "refused", "talk-first", "agreed"):
        alice.goto(page)
        if (
            alice.locator("main summary").count()
            and not alice.locator("main form input[name=answer]").first.is_visible()
        ):
            alice.locator("main summary").last.click()
        if answer:
            alice.locator(f"input[name=answer][value={answer}]").check(force=True)
        chromium.follow(alice.locator("main form .button-primary"))
        assert [] == faults(alice)
    check(alice, "/account/consents")
