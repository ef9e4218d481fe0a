"""R9: a sign-in that ends in mid-form loses nothing: the browser keeps what was chosen, and it is saved afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from app.accounts import sign_ins
from app.accounts.models import SignIn
from app.identity import people
from app.identity.models import Pseudonym
from tests.promises import pages
from tests.promises.pages import stored
from tests.support import chromium
from tests.support.crowd import Member
from tests.support.people import PASSWORD
from tests.support.production import Device, Site

pytestmark = pytest.mark.browser

Ending = Callable[[Site, Member, BrowserContext], None]


def ended_by_the_operator(site: Site, member: Member, _context: BrowserContext) -> None:
    with site.study.write() as session:
        sign_ins.end_all_of_account(session, member.account, datetime.now(UTC))
        session.commit()


def rested_too_long(site: Site, member: Member, _context: BrowserContext) -> None:
    long_ago = datetime.now(UTC) - sign_ins.LIMITS["participant"].idle
    with site.study.write() as session:
        session.execute(update(SignIn).where(SignIn.account_pseudonym == member.account).values(seen_at=long_ago))
        session.commit()


def signed_out_in_another_tab(_site: Site, _member: Member, context: BrowserContext) -> None:
    tab = context.new_page()
    tab.goto("/account/settings")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url(f"{tab.url.split('/', 3)[0]}//{tab.url.split('/', 3)[2]}/")


def a_patient_known_to_the_vault(site: Site) -> tuple[Member, str, str]:
    """A member with an address, a password and an open sheet; with the address, and the path of the first page."""
    [member] = site.crowd()
    with Device(site, member) as device:
        path = f"{device.begin()}/page/1"
    email = f"{member.account}@example.org"
    assert site.databases.vault is not None
    with site.databases.vault.write() as vault:
        person = people.register(vault, email, "Ada", "Arnaud", "en", PASSWORD, datetime.now(UTC) - timedelta(days=1))
        vault.add(Pseudonym(person_id=person.id, domain=people.ACCOUNT, value=member.account))
        vault.commit()
    return member, email, path


def sign_in_again(page: Page, email: str) -> None:
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    chromium.follow(page.get_by_role("button", name="Sign in", exact=True))


@pytest.mark.parametrize("end", [ended_by_the_operator, rested_too_long, signed_out_in_another_tab])
def test_what_was_chosen_after_the_sign_in_had_ended_is_saved_after_signing_in_again(
    site: Site, chrome: Browser, end: Ending
):
    """Seen failing when the script kept nothing in the browser, and when it took 401 for a refusal for good."""
    member, email, path = a_patient_known_to_the_vault(site)
    sheet = path.split("/")[2]
    with pages.browsing(chrome, site.server.url, member) as context:
        questions = pages.open_questions(context, path)
        questions.choose("q1", "2")
        questions.expect_state("q1", "saved")
        end(site, member, context)
        questions.choose("q1", "4")
        questions.choose("q2", "3")
        questions.expect_state("q1", "failed")
        assert [("q1", "2")] == stored(site, sheet)
        chromium.follow(questions.page.get_by_role("link", name="Sign in again").first)
        sign_in_again(questions.page, email)
        expect(questions.page).to_have_url(f"{site.server.url}{path}")
        questions.expect_state("q1", "saved")
        questions.expect_state("q2", "saved")
        assert {"q1": "4", "q2": "3"} == questions.chosen()
    assert [("q1", "2"), ("q1", "4"), ("q2", "3")] == stored(site, sheet)


def test_without_scripts_the_page_comes_back_with_everything_on_it(site: Site, chrome: Browser):
    """One click more than usual, because the token of the page has ended with the sign-in; nothing is typed twice."""
    member, email, path = a_patient_known_to_the_vault(site)
    with pages.browsing(chrome, site.server.url, member, scripts=False) as context:
        page = context.new_page()
        page.goto(path)
        for number in range(1, 6):
            page.locator(f'input[name="answer-q{number}"][value="3"]').check(force=True)
        ended_by_the_operator(site, member, context)
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in again, then send once more")
        with context.expect_page() as opened:
            page.get_by_role("link", name="Sign in").click()
        sign_in_again(opened.value, email)
        expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
        for _press in ("without the new page's token", "with it"):
            chromium.follow(page.get_by_role("button", name="Send again"))
        expect(page).to_have_url(f"{site.server.url}{path.replace('/page/1', '/page/2')}")
    assert [(f"q{number}", "3") for number in range(1, 6)] == stored(site, path.split("/")[2])
