"""Answers of every kind of response scale, from the text that a form sends."""

import pytest
from pydantic import TypeAdapter

from app.questionnaires.answers import value_of
from app.questionnaires.response_scales import ResponseScale

SCALE: TypeAdapter[ResponseScale] = TypeAdapter(ResponseScale)
CHOICE = {"kind": "choice", "options": (0, 1, 2), "not_answers": {9: "not-applicable"}}
MULTIPLE = {"kind": "multiple", "options": (1, 2, 3, 0), "exclusive": (0,), "at_least": 1, "at_most": 2}
RANKING = {"kind": "ranking", "options": (1, 2, 3), "places": 2}
WEIGHT = {"kind": "number", "unit": "kg", "minimum": 20, "maximum": 300, "decimals": 1}
COUNT = {"kind": "number", "unit": "d", "minimum": 0, "maximum": 7}
MONTH = {"kind": "date", "precision": "month", "earliest": "2020-03-15", "latest": "2026-12-31"}
SHORT = {"kind": "text", "length": "short", "at_most": 5}


@pytest.mark.parametrize(
    ("expected", "scale", "raw"),
    [
        (1, CHOICE, "1"),
        (9, CHOICE, "9"),
        (None, CHOICE, "3"),
        (100, {"kind": "vas", "minimum": 0, "maximum": 100}, "100"),
        (None, {"kind": "vas", "minimum": 0, "maximum": 100}, "50.5"),
        ((1, 3), MULTIPLE, "3,1"),
        ((0,), MULTIPLE, "0"),
        (None, MULTIPLE, "0,1"),
        (None, MULTIPLE, "1,2,3"),
        (None, MULTIPLE, "1,1"),
        (None, MULTIPLE, ""),
        ((3, 1), RANKING, "3,1"),
        (None, RANKING, "3"),
        (None, RANKING, "3,3"),
        (72.5, WEIGHT, "72.5"),
        (72.5, WEIGHT, "72,50"),
        (72.0, WEIGHT, "72"),
        (None, WEIGHT, "72.55"),
        (None, WEIGHT, "19.9"),
        (None, WEIGHT, "1e2"),
        (None, WEIGHT, "nan"),
        (3, COUNT, "3"),
        (None, COUNT, "3.5"),
        (None, COUNT, "8"),
        ("2026-05", MONTH, "2026-05"),
        ("2026-05-17", MONTH, "2026-05-17"),
        ("2020-03", MONTH, "2020-03"),
        (None, MONTH, "2020-02"),
        (None, MONTH, "2027-01"),
        (None, MONTH, "2026"),
        (None, MONTH, "2026-13"),
        (None, MONTH, "2026-02-30"),
        ("hello", SHORT, " hello "),
        (None, SHORT, "hello!"),
        (None, SHORT, "a\nb"),
        ("a\nb", {"kind": "text", "length": "long"}, "a\nb"),
        (None, SHORT, "  "),
    ],
)
def test_a_text_becomes_an_answer_of_its_kind_or_none(expected: object, scale: object, raw: str) -> None:
    """Seen failing for each None without its check."""
    found = value_of(SCALE.validate_python(scale), raw)
    assert (expected, type(expected)) == (found, type(found))


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        ("is in both lists", {**CHOICE, "not_answers": {1: "not-applicable"}}),
        ("Only options can stand alone", {**MULTIPLE, "exclusive": (7,)}),
        ("3 options for 4 places", {**RANKING, "places": 4}),
        ("must be below the maximum", {**WEIGHT, "minimum": 300}),
        ("year-month-day", {**MONTH, "latest": "soon"}),
    ],
)
def test_a_response_scale_that_cannot_be_is_refused(words: str, scale: object) -> None:
    with pytest.raises(ValueError, match=words):
        SCALE.validate_python(scale)
