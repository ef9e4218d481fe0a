"""Parts of the application measured alone, in this process: scoring one person, rendering a page of 30 questions."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask import g, render_template, render_template_string

from app.config import embedded
from app.factory import create_app
from app.questionnaires import routing
from app.questionnaires.definition import Instrument
from app.questionnaires.routing import Screen
from app.scoring.plan import compile_plan
from app.scoring.score import score_one
from app.web import instrument_form, question_html
from app.web.request import Request, now

MILLISECONDS = 1000
TIMES, AT_ONCE = 30, 10


def scoring(instrument: Instrument) -> float:
    """Milliseconds for all scales of one person; the instrument's plan is made once, as when answers are sent."""
    answers = {item: instrument.response_of(item).values[0] for item in instrument.order}
    plan = compile_plan(instrument)
    return _median(lambda: score_one(plan, answers))


def rendering(folder: Path, key: str) -> tuple[float, float, float]:
    """Milliseconds for a page with all questions of an instrument, drawn for the first time, again, and with none."""
    app = create_app(embedded(folder, "http://127.0.0.1"))
    library = app.extensions["weshare"].library
    instrument, wording = library.instrument(key), library.wording(key, "en")
    screen = Screen(1, instrument.order, instrument.pages[0].key)
    with app.test_request_context("/"):
        g.weshare = Request(app.extensions["weshare"], id="bench", at=now(), language="en")
        filling = {"key": "key", "wording": wording}

        def page() -> None:
            render_template(
                "questionnaire/screen.html",
                filling=filling,
                screen=screen,
                last=1,
                layout="page",
                questions=instrument_form.questions(instrument, wording, screen, {}, {}),
                errors={},
                progress=routing.progress(instrument, {}),
                conflicts=[],
            )

        def first() -> None:
            question_html.forget()
            page()

        def empty() -> None:
            render_template_string('{% extends "base.html" %}')

        return _median(first), _median(page), _median(empty)


def _median(work: Callable[[], object]) -> float:
    """Of many short tries, because a machine that does other things too makes single ones long."""
    work()
    tries = []
    for _ in range(TIMES):
        started = time.perf_counter()
        for _ in range(AT_ONCE):
            work()
        tries.append((time.perf_counter() - started) / AT_ONCE)
    return statistics.median(tries) * MILLISECONDS
