"""LForms (National Library of Medicine) shows our exports: the same questions and scores for the same clicks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from app.config import ROOT
from app.exchange.fhir import write
from app.questionnaires import library
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.scoring.plan import compile_plan
from app.scoring.score import score_one
from tests.exchange.judged import LFORMS, needs_lforms
from tests.support import routed_everywhere
from tests.support.random_answers import walked

pytestmark = [pytest.mark.browser, needs_lforms]
HOST = "http://lforms.test"
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>LForms</title>
<link rel="stylesheet" href="/webcomponent/styles.css"></head><body><div id="form"></div>
<script src="/webcomponent/assets/lib/zone.min.js"></script><script src="/webcomponent/lhc-forms.js"></script>
<script src="/fhir/R4/lformsFHIR.min.js"></script></body></html>"""


def answered(route: Route) -> None:
    """Serve LForms from where it is installed; nothing leaves this machine."""
    path = route.request.url.removeprefix(HOST).split("?")[0]
    file = LFORMS / path.lstrip("/")
    if path == "/":
        route.fulfill(body=HTML, content_type="text/html")
    elif file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A page with LForms and no form yet."""
    context = chrome.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route("**/*", answered)
    page.goto(f"{HOST}/")
    page.wait_for_function("window.LForms && LForms.Util && LForms.FHIR && LForms.FHIR.R4")
    yield page
    context.close()


def show(page: Page, instrument: Instrument, wordings: Any) -> None:
    """Show the questionnaire that we export."""
    resource, _notes = write.resource_of(instrument, wordings)
    page.evaluate(
        "(one) => LForms.Util.addFormToPage(JSON.parse(one), 'form', {fhirVersion: 'R4'})", json.dumps(resource)
    )
    page.locator("input[type=radio]").first.wait_for()


def pick(page: Page, instrument: Instrument, item: str, code: int) -> None:
    """Click on the option of a question; a click on a box as well."""
    response = instrument.response_of(ItemId(item))
    codes = list(getattr(response, "values", None) or response.options)  # type: ignore[union-attr]
    kind = "checkbox" if response.kind == "multiple" else "radio"
    page.locator(f"[id='item-{item}/1/1'] label.ant-{kind}-wrapper").nth(codes.index(code)).click()


def scores(page: Page) -> dict[str, float]:
    """What LForms has computed."""
    response = page.evaluate("LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4')")
    groups = [one for one in response["item"] if one["linkId"] == "scores"]
    items = groups[0].get("item", []) if groups else []
    return {one["linkId"].removeprefix("score."): one["answer"][0]["valueDecimal"] for one in items if "answer" in one}


def expected(instrument: Instrument, answers: Any) -> tuple[set[ItemId], dict[str, float]]:
    """The path and the scores as we see them; a path may depend on a score."""
    plan = compile_plan(instrument)
    known: dict[Any, Any] = {}
    path, scored = walked(instrument, answers, known)
    for _time in range(2):
        numbers = {item: one for item, one in scored.items() if item in plan.items}
        found = {one.scale: one.value for one in score_one(plan, numbers) if one.value is not None}
        path, scored = walked(instrument, answers, known, found)
    return path, dict(found)


def test_lforms_gives_the_same_scores_for_the_same_clicks(page: Page) -> None:
    installed = library.load_versions(ROOT / "instruments", "weshare-core")
    instrument = installed.instrument("weshare-core@1.0")
    show(page, instrument, {one: installed.wording(instrument.key, one) for one in ("fr", "en")})
    assert "Vos journées et votre bien-être" in page.locator("#form").inner_text().replace("\u2011", "-")
    answers = {item: 1 + number % 4 for number, item in enumerate(instrument.order) if number % 5 != 3}
    for item, code in answers.items():
        pick(page, instrument, item, code)
    page.wait_for_timeout(500)
    assert expected(instrument, answers)[1] == pytest.approx(scores(page))


def test_lforms_asks_the_same_questions_after_every_click(page: Page) -> None:
    """Codes, lists, "not", boxes, pages and scores decide. Seen failing when an answer off the path still counted."""
    instrument = routed_everywhere.instrument()
    show(page, instrument, {})
    answers: dict[ItemId, Any] = {}
    for item, code in (
        ("q1", 1),
        ("q1", 2),
        ("q3", 9),
        ("q3", 2),
        ("q2", 1),
        ("q4", 2),
        ("q5", 3),
        ("q2", 4),
        ("q1", 4),
        ("q1", 3),
    ):
        pick(page, instrument, item, code)
        answers[ItemId(item)] = (code,) if item == "q4" else code
        page.wait_for_timeout(400)
        shown = {item for item in instrument.items if page.locator(f"[id='item-{item}/1/1']").is_visible()}
        path, found = expected(instrument, answers)
        assert path == shown, (item, code)
        assert found == pytest.approx(scores(page)), (item, code)
