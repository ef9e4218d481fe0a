"""Routing where items and pages have conditions."""

from functools import reduce

from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.elements import ItemId
from app.questionnaires.parse import parse_instrument
from app.questionnaires.routing import Known
from tests.support.instruments import DEFINITION

FIRST = "  q0: {topic: Any trouble, response: four}\n"
CHECKS = """checks:
  - {key: odd, level: soft, items: [q0], message: Look, when: {and: [{answer: q0, eq: 4}, {answer: q1, eq: 1}]}}
"""
FACTS = "facts: {age: {title: Age, minimum: 0, maximum: 120}}\n"
CHANGES = {
    "recall_periods:": FACTS + CHECKS + "recall_periods:",
    "items:\n": "items:\n" + FIRST,
    "Stairs, response: four": "Stairs, response: four, ask_if: {answer: q0, gt: 1}, skipped: 1",
    "Walking, response: four": "Walking, response: four, ask_if: {answer: q1, gt: 2}, skipped: 1",
    "items: [q1, q2]}": "items: [q0, q1, q2]}",
    "items: [q3]}": "items: [q3], ask_if: {fact: age, ge: 18}}",
}
TEXT = reduce(lambda text, change: text.replace(*change, 1), CHANGES.items(), DEFINITION)
INSTRUMENT = parse_instrument(TEXT, "definition.yaml")


def given(**answers: AnswerValue) -> dict[ItemId, AnswerValue]:
    return {ItemId(name): value for name, value in answers.items()}


ADULT = Known({"age": 40.0})


def test_an_item_is_asked_only_where_its_condition_is_true() -> None:
    assert ("q0",) == routing.asked(INSTRUMENT, given())
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=1))
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=DECLINED))
    assert ("q0", "q1") == routing.asked(INSTRUMENT, given(q0=2))
    assert ("q0", "q1", "q2") == routing.asked(INSTRUMENT, given(q0=2, q1=3))


def test_an_answer_off_the_path_opens_nothing() -> None:
    """Seen failing when conditions read every answer: q2 was asked because of an answer to q1 that was left behind."""
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=1, q1=4, q2=2))


def test_a_page_is_shown_to_those_it_is_for() -> None:
    assert "q3" in routing.asked(INSTRUMENT, given(), ADULT)
    assert ["body"] == [screen.page_key for screen in routing.screens(INSTRUMENT, "page")]


def test_progress_counts_what_is_asked() -> None:
    assert routing.Progress(1, 1) == routing.progress(INSTRUMENT, given(q0=1))
    assert routing.Progress(1, 2) == routing.progress(INSTRUMENT, given(q0=2))


def test_what_routing_left_out_counts_as_skipped_and_what_was_left_blank_does_not() -> None:
    """Seen failing, one at a time: for every item without an answer; for every item that is not surely asked."""
    assert given(q0=1, q1=1) == routing.with_skipped(INSTRUMENT, given(q0=1, q1=4))
    assert given(q0=2, q1=2, q2=1) == routing.with_skipped(INSTRUMENT, given(q0=2, q1=2))
    assert given(q0=2) == routing.with_skipped(INSTRUMENT, given(q0=2))
    assert given() == routing.with_skipped(INSTRUMENT, given())


def test_a_check_speaks_where_it_has_something_to_say() -> None:
    assert ["odd"] == [check.key for check in routing.objections(INSTRUMENT, given(q0=4, q1=1))]
    assert () == routing.objections(INSTRUMENT, given(q0=4))
    assert () == routing.objections(INSTRUMENT, given(q0=1, q1=1))
