"""Parts of the application measured alone, in this process: scoring one person, rendering a page of 30 questions."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
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
from app.web.filling.sheet import Ways
from app.web.request import Request, now

MILLISECONDS = 1000
TIMES, AT_ONCE = 30, 10


def scoring(instrument: Instrument) -> float:
    """Milliseconds for all scales of one person; the instrument's plan is made once, as when answers are sent."""
    answers = {item: instrument.response_of(item).values[0] for item in instrument.order}
    plan = compile_plan(instrument)
    return _median(lambda: score_one(plan, answers))


def rendering(folder: Path, instruments: Path, key: str) -> tuple[float, float, float]:
    """Milliseconds for a page with all questions of an instrument, drawn for the first time, again, and with none."""
    app = create_app(replace(embedded(folder, "http://127.0.0.1"), instruments=instruments))
    library = app.extensions["weshare"].library
    instrument, wording = library.instrument(key), library.wording(key, "en")
    screen = Screen(1, instrument.order, instrument.pages[0].key)
    with app.test_request_context("/"):
        g.weshare = Request(app.extensions["weshare"], id="bench", at=now(), language="en")
        ways = Ways("patient_questionnaire", {"key": "key"}, "/account")
        filling = {"key": "key", "wording": wording, "instrument": instrument, "ways": ways, "on_paper": None}
        progress = routing.progress(instrument, {})

        def page() -> None:
            render_template(
                "questionnaire/screen.html",
                filling=filling,
                screen=screen,
                last=1,
                is_last=True,
                layout="page",
                is_alone=False,
                is_grid=False,
                questions=instrument_form.questions(instrument, wording, screen, {}, {}),
                total=progress.total,
                errors={},
                doubts=[],
                progress=progress,
                conflicts=[],
            )

        def first() -> None:
            question_html.forget()
            page()

        def empty() -> None:
            render_template_string('{% extends "base.html" %}')

        return _median(first), _median(page), _median(empty)


def mixed(folder: Path, count: int = 30) -> str:
    """An instrument of questions of every kind in turn, written into a folder of instruments; its key."""
    names = [f"k{number}" for number in range(1, count + 1)]
    kinds = list(SCALES)
    items = [
        f"  {name}: {{topic: Topic, response: {kinds[place % len(kinds)]}, recall: week}}"
        for place, name in enumerate(names)
    ]
    definition = [DEFINITION, *(f"  {name}: {scale}" for name, (scale, _text) in SCALES.items()), "items:", *items]
    definition.append(f"pages:\n  - {{key: all, items: [{', '.join(names)}]}}\nscales: {{}}")
    wording = [WORDING, "response_scales:", *(f"  {name}: {text}" for name, (_scale, text) in SCALES.items() if text)]
    wording += ["pages: {all: Everything}", "items:", *(f"  {name}: What is question {name} about?" for name in names)]
    place = folder / "mixed" / "1.0"
    place.mkdir(parents=True)
    (place / "definition.yaml").write_text("\n".join(definition), encoding="utf-8")
    (place / "wording.en.yaml").write_text("\n".join([*wording, "scales: {}"]), encoding="utf-8")
    return "mixed@1.0"


DEFINITION = """\
code: mixed
version: "1.0"
title: Every kind in turn
family: Measurements
owner: WeShare
licence: {terms: ours, contact: nobody}
respondent: self
minutes: 1
recall_periods: {week: The past week}
response_scales:"""
WORDING = """\
instrument: mixed
version: "1.0"
language: en
wording_version: "1"
provenance: {kind: own, author: WeShare, date: 2026-01-31}
title: Every kind in turn
introduction: Thirty questions.
thanks: Thank you.
recall_periods: {week: In the past week}"""
FOUR = "{options: {1: Not at all, 2: A little, 3: Quite a bit, 4: Very much}}"
ENDS = "{low: Nothing at all, high: As much as can be}"
SCALES = {
    "four": ("{kind: choice, options: [1, 2, 3, 4]}", FOUR),
    "ten": ("{kind: rating, minimum: 0, maximum: 10}", ENDS),
    "line": ("{kind: vas, minimum: 0, maximum: 100}", ENDS),
    "many": ("{kind: multiple, options: [1, 2, 3, 4], exclusive: [4]}", FOUR),
    "order": ("{kind: ranking, options: [1, 2, 3, 4]}", FOUR),
    "kilos": ("{kind: number, unit: kg, minimum: 20, maximum: 300}", ""),
    "since": ("{kind: date, precision: month}", ""),
    "words": ("{kind: text, length: long}", ""),
}


def _median(work: Callable[[], object]) -> float:
    """Of many short tries, in time of the processor: what else the machine does makes none of them longer."""
    work()
    tries = []
    for _ in range(TIMES):
        started = time.process_time()
        for _ in range(AT_ONCE):
            work()
        tries.append((time.process_time() - started) / AT_ONCE)
    return statistics.median(tries) * MILLISECONDS
