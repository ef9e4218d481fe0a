"""A patient answers: on a phone one question at a time, at a desk a page of them, on two devices."""

import re

from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.demo_accounts import DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD
from app.responses.models import Answer, Submission, SubmissionScore
from tests.browser.conftest import NewPage, Site
from tests.support import chromium


def sign_in(page: Page, button: str) -> None:
    page.goto("/sign-in")
    page.locator("#email").fill(DEMO_PATIENT_EMAIL)
    page.locator("#password").fill(DEMO_PATIENT_PASSWORD)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page).to_have_url(re.compile("/account$"))


def choose(page: Page, item: str, value: str) -> None:
    """Choose an answer and wait for the page to say that the server has it."""
    page.locator(f'input[name="answer-{item}"][value="{value}"]').check(force=True)
    expect(page.locator(f'[data-item="{item}"] .save-status')).to_have_attribute("data-state", "saved")


def test_a_patient_answers_on_a_phone_in_french_and_sees_the_results(site: Site, new_page: NewPage):
    page = new_page(language="fr-FR", size=chromium.PHONE)
    sign_in(page, "Se connecter")
    page.get_by_role("link", name="Commencer").click()
    page.get_by_role("button", name="Commencer").click()
    expect(page).to_have_url(re.compile("/item/1$"))
    for number in range(1, 31):
        choose(page, f"q{number}", "2")
        page.get_by_role("button", name="Suivant" if number < 30 else "Vérifier mes réponses").click()
    expect(page).to_have_url(re.compile("/review$"))
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    page.get_by_role("link", name="Voir mes résultats").click()
    expect(page.locator("svg.chart")).to_have_count(15)
    with site.world.study() as session:
        assert 30 == session.scalar(select(func.count()).select_from(Answer))
        assert 15 == session.scalar(select(func.count()).select_from(SubmissionScore))


def test_an_answer_given_before_the_script_arrives_is_saved_when_it_does(site: Site, new_page: NewPage):
    """Seen failing when the script listened only to what came after it: nothing was saved until the next screen."""
    page = new_page(language="en-GB", size=chromium.PHONE)
    sign_in(page, "Sign in")
    page.get_by_role("link", name="Start", exact=True).click()
    waiting: list[Route] = []
    page.route("**/questionnaire.js*", lambda route: waiting.append(route))
    with page.expect_request("**/questionnaire.js*"):
        page.get_by_role("button", name="Start", exact=True).click(no_wait_after=True)
    page.locator('input[name="answer-q1"][value="3"]').check(force=True)
    assert waiting
    for route in waiting:
        route.continue_()
    expect(page.locator('[data-item="q1"] .save-status')).to_have_attribute("data-state", "saved")
    with site.world.study() as session:
        assert ["3"] == [str(kept) for kept in session.scalars(select(Answer.value))]


def test_a_patient_starts_at_a_desk_in_english_and_goes_on_with_a_phone(site: Site, new_page: NewPage):
    desk = new_page(language="en-GB")
    sign_in(desk, "Sign in")
    desk.get_by_role("button", name="English").click()
    desk.get_by_role("link", name="Start", exact=True).click()
    desk.get_by_role("button", name="Start", exact=True).click()
    expect(desk).to_have_url(re.compile("/page/1$"))
    for item in ("q1", "q2", "q3"):
        choose(desk, item, "1")
    phone = new_page(language="en-GB", size=chromium.PHONE)
    sign_in(phone, "Sign in")
    phone.get_by_role("link", name="Continue").click()
    phone.get_by_role("button", name="Continue where I stopped").click()
    expect(phone).to_have_url(re.compile("/item/4$"))
    expect(phone.locator(".progress-text")).to_have_text("3 of 30 questions answered")
    phone.goto(phone.url.replace("/item/4", "/review"))
    phone.get_by_role("checkbox").check(force=True)
    phone.get_by_role("button", name="Send my answers").dblclick()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")
    with site.world.study() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Submission))
        assert 27 == session.scalar(select(func.count()).select_from(Answer).where(Answer.declined))
