"""What must be answered, the way through the questions, and a choice, in a browser; each by a tiny instrument.

One browser and one page for all of them: what is shown is the same journey as by hand.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import feature_site, features
from tests.support.feature_site import FeatureSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeatureSite]:
    with feature_site.serving(tmp_path_factory.mktemp("way")) as site:
        yield site


@pytest.fixture(scope="module")
def page(served: FeatureSite, chrome: Browser) -> Iterator[Page]:
    context = served.context(chrome, viewport={"width": 360, "height": 740})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert [] == faults


def shown(page: Page) -> list[str]:
    return page.locator("[data-item]").evaluate_all("found => found.map(one => one.dataset.item)")


def choose(page: Page, item: str, value: str) -> None:
    page.locator(f"label[for={item}-{value}]").click()
    expect(page.locator(f'[data-item="{item}"] .save-status')).to_have_attribute("data-state", "saved")


def go_on(page: Page) -> None:
    page.locator("button[value=next]").click()


def test_required(served: FeatureSite, page: Page) -> None:
    """Nothing goes on without an answer, and nothing but one will do. Seen failing with the question declinable."""
    sheet = served.open("required")
    page.goto(f"/q/{sheet.key}/page/1")
    expect(page.locator("#q1-declined")).to_have_count(0)
    choose(page, "q2", "declined")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer.")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").click()
    expect(page.locator('[data-item="q1"] input').first).to_be_focused()
    choose(page, "q1", "1")
    go_on(page)
    expect(page).to_have_url(re.compile(r"/review(#.*)?$"))
    assert 1 == features.latest(served.world, sheet.id)["q1"]


def test_routing(served: FeatureSite, page: Page) -> None:
    """The next screen asks what the answers before it lead to, also when they are changed on the way back."""
    sheet = served.open("routing")
    page.goto(f"/q/{sheet.key}/page/1")
    choose(page, "w1", "4")
    choose(page, "w2", "3")
    go_on(page)
    page.wait_for_url(re.compile("/page/2$"))
    assert ["w3"] == shown(page)
    page.locator("button[value=back]").click()
    page.wait_for_url(re.compile("/page/1$"))
    choose(page, "w1", "1")
    choose(page, "w2", "1")
    go_on(page)
    page.wait_for_url(re.compile("/page/2$"))
    assert ["w5"] == shown(page)


def test_choice(served: FeatureSite, page: Page) -> None:
    """Nothing is chosen beforehand, a choice is saved at once, and is still there after coming back."""
    sheet = served.open("choice")
    page.goto(f"/q/{sheet.key}/page/1")
    expect(page.locator('[data-item="c1"] input:checked')).to_have_count(0)
    choose(page, "c1", "2")
    assert {"c1": 2} == features.latest(served.world, sheet.id)
    page.reload()
    expect(page.locator("#c1-2")).to_be_checked()
