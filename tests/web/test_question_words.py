"""What is said about a question: bounds in every refusal, and answers read back as one writes them in each language."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g
from pydantic import TypeAdapter

from app.questionnaires.response_scales import ResponseScale
from app.web import question_words
from app.web.request import Request
from tests.support.world import AT

SCALE: TypeAdapter[Any] = TypeAdapter(ResponseScale)
NUMBER = {"kind": "number", "unit": "kg", "minimum": 20, "maximum": 300, "decimals": 1}
DAYS = {"kind": "number", "unit": "d", "minimum": 0, "maximum": 7}
DATE = {"kind": "date", "precision": "year"}
NB = "\N{NO-BREAK SPACE}"


@pytest.fixture
def reader(feature_app: Flask) -> Iterator[Request]:
    """A request whose language a test may choose."""
    with feature_app.test_request_context("/"):
        g.weshare = Request(feature_app.extensions["weshare"], id="words", at=AT, language="en")
        yield g.weshare


def label(scale: dict[str, object], value: Any, labels: dict[int, str] | None = None) -> str:
    return question_words.LABELS[str(scale["kind"])](value, SCALE.validate_python(scale), labels or {})


def refused(scale: dict[str, object], raw: str) -> str:
    return question_words.REFUSED[str(scale["kind"])](SCALE.validate_python(scale), raw)


@pytest.mark.parametrize(
    ("english", "french", "scale", "value"),
    [
        (f"72.5{NB}kg", f"72,5{NB}kg", NUMBER, 72.5),
        (f"72{NB}kg", f"72{NB}kg", NUMBER, 72.0),
        ("1 day", f"1{NB}jour", DAYS, 1),
        ("3 days", f"3{NB}jours", DAYS, 3),
        ("17 May 2026", "17 mai 2026", DATE, "2026-05-17"),
        ("May 2026", "mai 2026", DATE, "2026-05"),
        ("2026", "2026", DATE, "2026"),
    ],
)
def test_an_answer_is_read_back_as_one_writes_it(
    reader: Request, english: str, french: str, scale: dict[str, object], value: object
):
    """Seen failing with “1 days”."""
    assert english == label(scale, value)
    reader.language = "fr"
    assert french == label(scale, value)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("words", "scale"),
    [
        ("from 20 to 300 (kg)", NUMBER),
        ("whole number from 0 to 7 (days)", DAYS),
        ("between 1 January 2020 and 31 December 2026", {**DATE, "earliest": "2020-01-01", "latest": "2026-12-31"}),
        ("from 1 January 2020 on", {**DATE, "earliest": "2020-01-01"}),
        ("not later than 31 December 2026", {**DATE, "latest": "2026-12-31"}),
        ("whole number from -3 to 3", {"kind": "vas", "minimum": -3, "maximum": 3}),
        ("from 2 to 3 answers", {"kind": "multiple", "options": (1, 2, 3), "at_least": 2, "at_most": 3}),
        ("at least 2 answers", {"kind": "multiple", "options": (1, 2, 3), "at_least": 2}),
        ("one answer", {"kind": "multiple", "options": (1, 2, 3), "at_most": 1}),
        ("your first 2", {"kind": "ranking", "options": (1, 2, 3), "places": 2}),
        ("in one line", {"kind": "text", "at_most": 10}),
    ],
)
def test_a_refusal_says_what_is_possible(words: str, scale: dict[str, object]):
    assert words in refused(scale, "?")
