"""Conditions as sentences: for whom a question is asked."""

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import TypeAdapter

from app.questionnaires.conditions import Condition
from app.questionnaires.library import load
from app.questionnaires.topics import topics
from app.web.condition_words import in_words
from tests.support import routed
from tests.web.preview.definitions import parsed

INSTRUMENT = parsed(routed.DEFINITION)
READ = TypeAdapter(Condition)


@pytest.fixture(autouse=True)
def _reading(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        app.preprocess_request()
        yield


SAID = [
    ({"answer": "q1", "eq": 2}, "the answer to question 1 is “2”"),
    ({"answer": "q1", "ne": 2}, "the answer to question 1 is one of these: “1”, “3”, “4”"),
    ({"answer": "q1", "in": [3, 4]}, "the answer to question 1 is one of these: “3”, “4”"),
    ({"answer": "q4", "ge": 5}, "the answer to question 4 is at least 5"),
    ({"answer": "q4", "lt": 2.5}, "the answer to question 4 is below 2.5"),
    ({"answer": "q1", "answered": True}, "the answer to question 1 is there"),
    ({"answer": "q1", "answered": False}, "the answer to question 1 is missing"),
    ({"score": "PA", "gt": 50}, "the score “Pain” is above 50"),
    ({"fact": "sex", "eq": "male"}, "“Sex” is male"),
    ({"not": {"fact": "sex", "eq": "male"}}, "it is not true that “Sex” is male"),
    (
        {"and": [{"answer": "q4", "le": 5}, {"or": [{"fact": "sex", "eq": "male"}, {"score": "PA", "le": 1}]}]},
        "the answer to question 4 is at most 5 and (“Sex” is male or the score “Pain” is at most 1)",
    ),
]


def test_a_condition_in_words() -> None:
    wording = topics(INSTRUMENT)
    found = [in_words(READ.validate_python(condition, strict=False), INSTRUMENT, wording) for condition, _words in SAID]
    assert [words for _condition, words in SAID] == found


def test_every_condition_of_every_instrument_can_be_said(app: Flask) -> None:
    """Seen failing on an instrument whose condition looks at a place on a line."""
    library = load(app.extensions["weshare"].config.instruments)
    for key in library.keys:
        one = library.instrument(key)
        wording = topics(one)
        conditions = [page.ask_if for page in one.pages] + [item.ask_if for item in one.items.values()]
        conditions += [gate for scale in one.computed.values() for gate in (scale.only_if, scale.unless)]
        assert all(in_words(condition, one, wording) for condition in conditions if condition)
