"""S7, S8: what somebody writes and what a wording says is text and nothing else, on every page and in every file."""

import csv
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from playwright.sync_api import Browser
from sqlalchemy import update

from app.exchange.csv_text import restored
from app.questionnaires.wording import EndsText, OptionsText, Wording
from app.responses.models import Submission
from app.web import instrument_form
from app.web.question_html import question_html
from app.web.request import Request
from tests.support import feature_site, features
from tests.support import world as worlds
from tests.support.feature_browser import FeatureBrowser
from tests.support.world import AT, World

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "\" onfocus=\"alert(1)\" autofocus=\"",
    "</textarea><script>alert(1)</script>",
    "</p></fieldset></form><form action=//evil.example>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} %(item)s %s {0}",
    "<!--", "-->", "]]>", "&lt;script&gt;", "&#x3C;script&#x3E;",
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK(\"//evil.example\")", "'=1", "a;=1",
    "a,=1",
    "\u202eevil\u202c", "\u2028alert(1)//", "é\u0301\u200d\ufeff", "🙂" * 20, "\\", "'; DROP TABLE answer; --",
    "%00", "../../etc",
]  # fmt: skip


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes: what text can never change."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ()))


def pages_with(browser: FeatureBrowser, text: str) -> list[list[tuple[str, tuple[str, ...]]]]:
    """The screen after it was refused, the screen with it as an answer, and the review."""
    refused = browser.post({"answer-t1": text + "x" * 40, "answer-t2": text})
    browser.post({"answer-t1": text[:40], "answer-t2": text})
    pages = [refused, browser.get(browser.start), browser.get(f"/q/{browser.sheet.key}/review")]
    assert [400, 200, 200] == [page.status_code for page in pages]
    return [Structure(page.text).found for page in pages]


def test_no_answer_changes_a_page(open_feature: Callable[[str], FeatureBrowser]):
    """Seen failing with |safe on the words of the review, and with the textarea's text unescaped."""
    browser = open_feature("text")
    plain = pages_with(browser, "Nothing of note")
    assert [] == [text for text in HOSTILE if pages_with(browser, text) != plain]


def test_answers_come_out_of_the_files_as_they_were_written_and_no_cell_is_a_formula(
    open_feature: Callable[[str], FeatureBrowser], feature_app: Flask, feature_world: World
):
    """One sheet a payload would take a visit each: the file is written from frozen answers, so those are varied."""
    browser = open_feature("text")
    browser.post({"answer-t1": "one", "answer-t2": "two"})
    assert browser.send().location.endswith("/done")
    bob = feature_app.test_client()
    worlds.sign_in(feature_world, bob, "bob")
    pages = [f"/studies/HORIZON{page}" for page in ("", "/participants/H-001", "/data")]
    plain = [Structure(bob.get(page).text).found for page in pages]
    for text in HOSTILE:
        _freeze(feature_world, text)
        assert plain == [Structure(bob.get(page).text).found for page in pages]
        with bob.get("/studies/HORIZON/data/answers.csv?instrument=text@1.0") as file:
            body = file.data.decode("utf-8-sig")
        [row] = csv.DictReader(StringIO(body, newline=""))
        assert text == restored(row["t1"])
        assert not row["t1"].startswith(("=", "+", "-", "@", "\t", "\r"))


def _freeze(world: World, text: str) -> None:
    with world.study() as session:
        session.execute(update(Submission).values(answers={"t1": text, "t2": None}))
        session.commit()


@pytest.mark.parametrize(
    "feature", ["choice", "rating", "vas", "multiple", "number", "date", "text", "ranking", "body-sites"]
)
def test_no_wording_changes_a_page(feature_app: Flask, feature: str):
    """The reader of wordings refuses markup; this is about what would happen if one came by another way."""
    library = features.library()
    instrument, wording = library.instrument(f"{feature}@1.0"), library.wording(f"{feature}@1.0", "en")
    with feature_app.test_request_context("/"):
        g.weshare = Request(feature_app.extensions["weshare"], id="s7", at=AT, language="en")
        plain = drawn(instrument, saying(wording, "plain"))
        assert [] == [text for text in HOSTILE if drawn(instrument, saying(wording, text)) != plain]


def drawn(instrument: Any, wording: Wording) -> list[tuple[str, tuple[str, ...]]]:
    screen = features.first_screen(instrument)
    questions = instrument_form.questions(instrument, wording, screen, {}, {})
    page = "".join(question_html(one, 9, "An error" if one.number == 2 else None, 2) for one in questions)
    return Structure(page).found


def saying(wording: Wording, text: str) -> Wording:
    """The wording with that text everywhere."""
    scales: dict[str, Any] = {}
    for name, scale in wording.response_scales.items():
        if isinstance(scale, OptionsText):
            scales[name] = scale.model_copy(update={"options": dict.fromkeys(scale.options, text)})
        elif isinstance(scale, EndsText):
            scales[name] = scale.model_copy(
                update={"low": text, "high": text, "not_answers": dict.fromkeys(scale.not_answers, text)}
            )
    return wording.model_copy(
        update={
            "response_scales": scales,
            "items": dict.fromkeys(wording.items, text),
            "recall_periods": dict.fromkeys(wording.recall_periods, text),
        }
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[feature_site.FeatureSite]:
    with feature_site.serving(tmp_path / "site") as site:
        yield site


@pytest.mark.browser
def test_nothing_runs_in_a_browser(served: feature_site.FeatureSite, chrome: Browser):
    """With an alert trap: the screen, the screen that the script has filled again, and the review."""
    context = served.context(chrome)
    page = context.new_page()
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: alarms.append(message.text) if "Content Security" in message.text else None)
    sheet = served.open("text")
    for text in [one for one in HOSTILE if "alert" in one or "evil" in one]:
        page.goto(f"/q/{sheet.key}/page/1")
        page.locator("#t1-answer").fill(text[:40])
        page.locator("#t2-answer").fill(text)
        page.get_by_role("button", name="Check my answers").click()
        page.wait_for_url("**/review")
        assert text.strip() == page.locator(".answer-read-back").nth(1).inner_text()
    context.close()
    assert [] == alarms
