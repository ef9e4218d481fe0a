"""A reminder's link opens its questionnaire without a password, and nothing else; once answered it is dead."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from app.jobs import send_notices
from tests.browser.conftest import NewPage, Site
from tests.support import chromium


def test_from_the_mailbox_to_thank_you_without_a_password(site: Site, new_page: NewPage):
    services = site.app.extensions["weshare"]
    at = datetime.now(UTC)
    counts = send_notices.run(services.databases, services.config, services.library, at=at)
    assert 1 <= counts["sent"]
    mail = new_page(language="fr-FR", size=chromium.PHONE)
    mail.goto("/vault/mailbox")
    chromium.follow(mail.locator("main a[href*='/vault/mailbox/']").first)
    link = mail.locator("main a[href*='/l/']").first.get_attribute("href") or ""
    page = new_page(language="fr-FR", size=chromium.PHONE)
    page.goto(link)
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/visits/"))
    page.get_by_role("button", name="Commencer").click()
    expect(page).to_have_url(re.compile("/item/1$"))
    first = page.url
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto(first.replace("/item/1", "/review"))
    page.locator("#leave_out").check(force=True)
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    page.watch.expected = {410}
    page.goto(link)
    expect(page.locator("main")).to_contain_text("déjà")
