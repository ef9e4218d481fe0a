"""A page of the questionnaire in a real browser, and a witness of everything that it says about saving."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from app.responses.models import Answer, AnswerSheet
from tests.support import chromium
from tests.support.crowd import Member
from tests.support.production import Site

WATCH = """
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const question = target.closest("[data-item]");
      if (!question || !target.dataset.state) continue;
      const chosen = question.querySelector("input:checked");
      window.witness(question.dataset.item, target.dataset.state, chosen ? chosen.value : "");
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
"""
TIMEOUT_MS = 20_000


@dataclass(slots=True)
class Said:
    """One thing that a page said of a question: its state, and the answer that was chosen there."""

    item: str
    state: str
    value: str


@dataclass
class Questions:
    """A page of questions and what it has said so far; ``check`` is asked at the moment that it says something."""

    page: Page
    check: Callable[[Said], None] = field(default=lambda _said: None)
    said: list[Said] = field(default_factory=list)

    def choose(self, item: str, value: str) -> None:
        """Choose an answer, and wait for nothing."""
        self.page.locator(f'input[name="answer-{item}"][value="{value}"]').check(force=True)

    def expect_state(self, item: str, state: str) -> None:
        """Wait until the page says that of a question; ``state`` may be a pattern."""
        expect(self.status(item)).to_have_attribute("data-state", re.compile(state), timeout=TIMEOUT_MS)

    def status(self, item: str) -> Any:
        """Where the page says whether an answer is saved."""
        return self.page.locator(f'[data-item="{item}"] .save-status')

    def chosen(self) -> dict[str, str]:
        """The answers that are chosen on the page."""
        chosen = self.page.locator("input[name^='answer-']:checked")
        found = chosen.evaluate_all("inputs => inputs.map(one => [one.name, one.value])")
        return {name[len("answer-") :]: value for name, value in found}

    def try_again(self) -> None:
        """The network is back: what waits is sent at once, not at the end of its wait."""
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def witness(self, item: str, state: str, value: str) -> None:
        """The page has said something."""
        self.said.append(Said(item, state, value))
        self.check(self.said[-1])


@contextmanager
def browsing(
    chrome: Browser, url: str, member: Member | None = None, *, scripts: bool = True
) -> Iterator[BrowserContext]:
    """A browser of its own, which holds the member's sign-in."""
    context = chrome.new_context(
        base_url=url,
        locale="en-GB",
        viewport=chromium.DESK,
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(TIMEOUT_MS)
    if member is not None:
        sign_in(context, url, member.cookie)
    try:
        yield context
    finally:
        context.close()


def sign_in(context: BrowserContext, url: str, cookie: str) -> None:
    """Give the browser a sign-in."""
    name, value = cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": url}])


def open_questions(context: BrowserContext, path: str) -> Questions:
    """Open a page and listen to what it says."""
    found = Questions(context.new_page())
    found.page.expose_function("witness", found.witness)
    found.page.add_init_script(WATCH)
    found.page.goto(path)
    return found


def stored(site: Site, sheet: str) -> list[tuple[str, str]]:
    """Every revision of every answer of a sheet: the question and the answer, as the page names them."""
    with site.study.read() as session:
        mine = select(Answer.item, Answer.value).join(AnswerSheet).where(AnswerSheet.key == sheet)
        rows = session.execute(mine.order_by(Answer.id)).all()
    return [(item, "declined" if value is None else str(value)) for item, value in rows]
