"""What axe finds wrong with a page, by the rules of WCAG 2.2 AA."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe leaves this rule of WCAG 2.2 AA off unless it is asked for.
OPTIONS = {
    "runOnly": {"type": "tag", "values": RULES},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """One line for each rule that is broken, with the first place."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    # What is well fills pages of its own, which would all have to come over from the browser.
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", OPTIONS)
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})" for one in found]


def is_wider_than_its_window(page: Page) -> bool:
    """Whether one has to scroll sideways to read the page."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
