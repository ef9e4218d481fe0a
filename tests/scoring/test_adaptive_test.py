"""The adaptive test of an instrument, from answers as people give them."""

import pytest

from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, Answers
from app.questionnaires.elements import ItemId
from app.scoring.adaptive import path
from app.scoring.adaptive_test import Adaptive, compile_test, course
from app.scoring.known import known_of
from app.scoring.plan import compile_plan
from tests.support import features

INSTRUMENT = features.library().instrument("adaptive@1.0")
COMPILED = compile_test(INSTRUMENT)
KNOWN = known_of(compile_plan(INSTRUMENT), COMPILED, {})


@pytest.fixture
def ready() -> Adaptive:
    assert COMPILED is not None
    return COMPILED


def all_three() -> dict[ItemId, int]:
    return {ItemId(f"a{number}"): 3 for number in range(1, 7)}


def test_the_course_ends_with_the_item_to_ask_or_with_the_reason_to_stop(ready: Adaptive) -> None:
    assert ["a3"] == [step.item for step in course(ready, {})]
    assert ["a3", "a1"] == [step.item for step in course(ready, {ItemId("a3"): 3})]
    assert "precise-enough" == course(ready, all_three())[-1].reason


def test_it_is_the_path_of_somebody_who_answers_like_this(ready: Adaptive) -> None:
    """Codes count from 1 in the questionnaire and from 0 in the bank. Seen failing when they were not turned."""
    categories = {item: code - 1 for item, code in all_three().items()}
    assert path(ready.bank, categories, ready.rules, quadrature=ready.quadrature) == course(ready, all_three())


def test_left_out_on_purpose_is_not_asked_again_and_tells_nothing(ready: Adaptive) -> None:
    answers: Answers = dict.fromkeys(map(ItemId, INSTRUMENT.order), DECLINED)
    steps = course(ready, answers)
    assert ("longest-reached", 0, 5) == (steps[-1].reason, steps[-1].answered, len(steps))


def test_answers_that_the_course_does_not_come_to_are_not_looked_at(ready: Adaptive) -> None:
    off = {ItemId("a4"): 1, ItemId("a6"): 5}
    assert course(ready, {ItemId("a3"): 3}) == course(ready, {ItemId("a3"): 3} | off)


def test_routing_asks_the_items_of_the_course_one_by_one_in_their_order() -> None:
    answers: Answers = {ItemId("a3"): 3}
    assert ("a3", "a1") == routing.asked(INSTRUMENT, answers, KNOWN)
    assert [("a3",), ("a1",)] == [screen.items for screen in routing.screens(INSTRUMENT, "page", answers, KNOWN)]
    assert routing.Progress(1, 4, is_at_most=True) == routing.progress(INSTRUMENT, answers, KNOWN)
    assert routing.Progress(4, 4) == routing.progress(INSTRUMENT, all_three(), KNOWN)


def test_an_item_that_the_test_did_not_come_to_was_not_skipped_by_routing() -> None:
    assert () == routing.skipped(INSTRUMENT, all_three(), KNOWN)
    assert {"a3", "a1", "a5", "a2"} == set(routing.with_skipped(INSTRUMENT, all_three(), KNOWN))


def test_an_instrument_without_a_test_has_none() -> None:
    assert compile_test(features.library().instrument("choice@1.0")) is None
