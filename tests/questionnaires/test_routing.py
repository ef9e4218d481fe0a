from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import (
    Layout,
    Progress,
    Screen,
    first_unanswered,
    progress,
    screen_of,
    screens,
    unanswered,
)
from tests.support.instruments import tiny_instrument

INSTRUMENT = tiny_instrument()
Q1, Q2, Q3 = INSTRUMENT.order
ANSWERS = st.dictionaries(st.sampled_from(INSTRUMENT.order), st.sampled_from([1, DECLINED]))
LAYOUTS: tuple[Layout, ...] = ("page", "item")


def test_a_wide_screen_shows_the_pages_of_the_instrument() -> None:
    assert screens(INSTRUMENT, "page") == (Screen(1, (Q1, Q2), "body"), Screen(2, (Q3,), "whole"))


def test_a_phone_shows_one_item_after_another() -> None:
    expected = (Screen(1, (Q1,), "body"), Screen(2, (Q2,), "body"), Screen(3, (Q3,), "whole"))
    assert expected == screens(INSTRUMENT, "item")


@given(st.sampled_from(LAYOUTS), ANSWERS)
def test_every_item_is_on_exactly_one_screen_in_order(layout: Layout, answers: dict[ItemId, AnswerValue]) -> None:
    shown = screens(INSTRUMENT, layout, answers)
    assert tuple(chain.from_iterable(screen.items for screen in shown)) == INSTRUMENT.order
    assert [screen.number for screen in shown] == list(range(1, len(shown) + 1))


@pytest.mark.parametrize(("expected", "layout"), [(1, "page"), (2, "item")])
def test_the_screen_of_an_item_depends_on_the_layout(expected: int, layout: Layout) -> None:
    assert expected == screen_of(INSTRUMENT, layout, Q2).number


def test_an_item_that_no_screen_asks_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        screen_of(INSTRUMENT, "page", ItemId("q9"))
    assert refused.value.code == "unknown-item"


def test_an_item_left_out_on_purpose_counts_as_answered() -> None:
    answers: dict[ItemId, AnswerValue] = {Q1: DECLINED, Q3: 2}
    assert ((Q2,), Q2, Progress(2, 3)) == (
        unanswered(INSTRUMENT, answers),
        first_unanswered(INSTRUMENT, answers),
        progress(INSTRUMENT, answers),
    )


def test_when_everything_is_answered_nothing_is_left() -> None:
    answers: dict[ItemId, AnswerValue] = dict.fromkeys(INSTRUMENT.order, 1)
    assert (first_unanswered(INSTRUMENT, answers), progress(INSTRUMENT, answers)) == (None, Progress(3, 3))


def test_answers_to_items_that_are_not_asked_do_not_count() -> None:
    assert progress(INSTRUMENT, {ItemId("gone"): 1}) == Progress(0, 3)


@given(ANSWERS, st.sampled_from(INSTRUMENT.order))
def test_one_more_answer_never_unanswers_another(answers: dict[ItemId, AnswerValue], item: ItemId) -> None:
    before, after = unanswered(INSTRUMENT, answers), unanswered(INSTRUMENT, {**answers, item: 1})
    assert set(after) == set(before) - {item}
