"""What stands on paper: every question with its way of answering, and for whom it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.paper import typeset
from app.questionnaires.response_scales import RESPONSE_KINDS
from app.questionnaires.topics import topics
from app.web.preview import sheet
from app.web.preview.shown import Preview
from app.web.preview.tried import Tried
from tests.support.routed import DEFINITION as BRANCHED
from tests.web.preview.definitions import parsed

EVERY_KIND = """\
code: kinds
version: "1.0"
title: Every kind
family: Tests
owner: WeShare
licence: {terms: ours, contact: nobody}
respondent: self
minutes: 1
response_scales:
  choice: {kind: choice, options: [1, 2], not_answers: {9: not-applicable}}
  own: {kind: choice, options: [1, 2], not_answers: {8: prefer-not-to-answer}}
  rating: {kind: rating, minimum: 0, maximum: 10}
  percent: {kind: rating, minimum: 0, maximum: 100}
  line: {kind: vas, minimum: 0, maximum: 100}
  several: {kind: multiple, options: [1, 2, 3], exclusive: [3]}
  order: {kind: ranking, options: [1, 2, 3], places: 2}
  weight: {kind: number, unit: kg, minimum: 20, maximum: 250.5, decimals: 1}
  month: {kind: date, precision: month}
  short: {kind: text}
  long: {kind: text, length: long}
items:
  choice: {topic: Choice, response: choice}
  own: {topic: Own, response: own}
  rating: {topic: Rating, response: rating}
  percent: {topic: Percent, response: percent}
  line: {topic: Line, response: line}
  several: {topic: Several, response: several}
  order: {topic: Order, response: order}
  weight: {topic: Weight, response: weight, required: true}
  month: {topic: Month, response: month}
  short: {topic: Short, response: short}
  long: {topic: Long, response: long}
pages:
  - {key: all, items: [choice, own, rating, percent, line, several, order, weight, month, short, long]}
scales: {}
"""
DECLINE = "I prefer not to answer"


@pytest.fixture
def reading(shipped: Flask) -> Iterator[None]:
    """A reader of English."""
    with shipped.test_request_context("/", headers={"Accept-Language": "en"}):
        shipped.preprocess_request()
        yield


def data_of(definition: str) -> dict[str, Any]:
    instrument = parsed(definition)
    return sheet.data(Preview(instrument, topics(instrument), "topics", Tried()))


def items_of(definition: str) -> dict[str, dict[str, Any]]:
    return {item["text"]: item for page in data_of(definition)["pages"] for item in page["items"]}


def test_every_kind_has_a_row() -> None:
    """Seen failing with the row of the ranking taken away."""
    assert RESPONSE_KINDS == set(sheet.ANSWERS)


@pytest.mark.usefixtures("reading")
def test_every_kind_is_answered_with_a_pen() -> None:
    items = items_of(EVERY_KIND)
    assert ["1", "2"] == items["Choice"]["options"]
    assert [str(number) for number in range(11)] == items["Rating"]["options"]
    assert ("number", "Write a number from 0 (Lowest answer) to 100 (Highest answer).") == (
        items["Percent"]["kind"],
        items["Percent"]["hint"],
    )
    assert ["Lowest answer", "Highest answer"] == items["Line"]["ends"]
    assert "You may tick several boxes." == items["Several"]["hint"]
    assert "Write numbers into the boxes: 1 for the first place, up to 2." == items["Order"]["hint"]
    assert ("kg", "A number from 20 to 250.5") == (items["Weight"]["unit"], items["Weight"]["hint"])
    assert [("day", 2), ("month", 2), ("year", 4)] == [(one["name"], one["digits"]) for one in items["Month"]["parts"]]
    assert (1, 5) == (items["Short"]["lines"], items["Long"]["lines"])


@pytest.mark.usefixtures("reading")
def test_one_may_decline_unless_the_instrument_says_so_itself_or_needs_an_answer() -> None:
    items = items_of(EVERY_KIND)
    assert ["Does not apply", DECLINE] == items["Choice"]["others"]
    assert ["Prefers not to answer"] == items["Own"]["others"]
    assert [] == items["Weight"]["others"]
    assert [DECLINE] == items["Short"]["others"]


@pytest.mark.usefixtures("reading")
def test_every_kind_can_be_set() -> None:
    """Seen failing with a kind that the template had no function for."""
    assert typeset.pdf("paper", data_of(EVERY_KIND)).startswith(b"%PDF")


@pytest.mark.usefixtures("reading")
def test_an_instrument_of_every_family_can_be_printed(shipped: Flask) -> None:
    library = shipped.extensions["weshare"].library
    one_each = {library.instrument(key).family: library.instrument(key) for key in library.keys}
    for one in one_each.values():
        made = typeset.pdf("paper", sheet.data(Preview(one, topics(one), "topics", Tried())))
        assert made.startswith(b"%PDF"), one.key


@pytest.mark.usefixtures("reading")
def test_a_question_for_some_says_for_whom() -> None:
    items = items_of(BRANCHED)
    note = "Answer this question only if the answer to question 1 is one of these: “2”, “3”, “4”."
    assert (note, "") == (items["Place of pain"]["note"], items["Pain"]["note"])


@pytest.mark.usefixtures("reading")
def test_topics_are_marked_on_every_sheet_and_the_wording_is_told_by_its_hash() -> None:
    data = data_of(BRANCHED)
    assert ("PREVIEW", "PREVIEW – topics, not the questions") == (data["stamp"], data["mark"])
    assert data["footer"].endswith(topics(parsed(BRANCHED)).content_hash)
