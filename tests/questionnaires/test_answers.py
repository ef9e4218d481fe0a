from datetime import date
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from app.errors import Refusal
from app.questionnaires.answers import (
    BLANK,
    COERCIONS,
    DECLINED,
    ON_PAPER,
    AnswerValue,
    Declined,
    coerce,
    given,
    written,
)
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import RESPONSE_KINDS
from tests.support import features
from tests.support.instruments import tiny_instrument

INSTRUMENT = tiny_instrument()


@pytest.mark.parametrize(
    ("expected", "item", "raw"),
    [(1, "q1", "1"), (4, "q2", "4"), (7, "q3", "7"), (DECLINED, "q1", "declined"), (DECLINED, "q3", "declined")],
)
def test_what_a_form_sends_becomes_an_answer(expected: AnswerValue, item: str, raw: str) -> None:
    assert expected == coerce(INSTRUMENT, item, raw)


@pytest.mark.parametrize("raw", ["", "0", "5", "-1", "1.0", "+1", "01", " 1", "1 ", "1_0", "１", "one", "9" * 5000])
def test_what_is_not_an_allowed_value_is_refused(raw: str) -> None:
    """Seen failing with int(raw), which lets "+1", " 1" and "１" through."""
    with pytest.raises(Refusal) as refused:
        coerce(INSTRUMENT, "q1", raw)
    assert (refused.value.code, refused.value.facts) == ("answer-out-of-range", {"item": "q1"})


@pytest.mark.parametrize("item", ["q9", "", "__class__", "items"])
def test_an_unknown_item_is_refused(item: str) -> None:
    with pytest.raises(Refusal) as refused:
        coerce(INSTRUMENT, item, "1")
    assert refused.value.code == "unknown-item"


@given_any(st.sampled_from(INSTRUMENT.order), st.text())
def test_any_text_is_an_allowed_answer_or_refused(item: ItemId, raw: str) -> None:
    try:
        answer = coerce(INSTRUMENT, item, raw)
    except Refusal:
        return
    assert answer is DECLINED or answer in INSTRUMENT.response_of(item).values


def test_only_numbers_are_there_for_the_score() -> None:
    answers: dict[ItemId, AnswerValue] = {
        ItemId("q1"): 2, ItemId("q2"): DECLINED, ItemId("q3"): 2.5, ItemId("q4"): "2026", ItemId("q5"): (1, 2),
    }  # fmt: skip
    assert given(answers) == {ItemId("q1"): 2, ItemId("q3"): 2.5}


def test_a_participant_has_one_way_to_decline() -> None:
    """The other two are said of forms from paper, by whoever enters them, and no answer of a browser's means them."""
    assert set(Declined) == {DECLINED, *ON_PAPER.values()}
    for word in ON_PAPER:
        with pytest.raises(Refusal):
            coerce(features.library().instrument("choice@1.0"), "c1", word)


@pytest.mark.parametrize("raw", ["declined", ""])
def test_what_may_not_be_left_out_is_neither_declined_nor_wiped_out(raw: str) -> None:
    with pytest.raises(Refusal):
        coerce(features.library().instrument("required@1.0"), "q1", raw)


def test_what_is_written_can_be_wiped_out_and_what_is_chosen_cannot() -> None:
    assert coerce(features.library().instrument("text@1.0"), "t1", "") is BLANK
    with pytest.raises(Refusal, match="answer-out-of-range"):
        coerce(INSTRUMENT, "q1", "")


def test_only_where_nobody_can_have_written_it_does_the_word_decline() -> None:
    text, number = features.library().instrument("text@1.0"), features.library().instrument("number@1.0")
    assert ("declined", DECLINED) == (coerce(text, "t1", "declined"), coerce(number, "n1", "declined"))
    assert coerce(text, "t1", "", is_declined=True) is DECLINED


ROUND: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("choice", "c1"): st.sampled_from([1, 2, 3, 4, 9]),
    ("vas", "v1"): st.integers(0, 100),
    ("multiple", "m1"): st.sampled_from([(1,), (1, 3), (0,)]),
    ("ranking", "k1"): st.permutations([1, 2, 3]).map(tuple),
    ("number", "n1"): st.integers(200, 3000).map(lambda tenths: tenths / 10),
    ("number", "n2"): st.integers(0, 7),
    ("date", "d2"): st.dates(date(1900, 1, 1)).map(lambda day: day.isoformat()[: 4 + 3 * (day.day % 3)]),
    ("text", "t2"): st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=200
    )
    .map(str.strip)
    .filter(bool),
}


@pytest.mark.parametrize("place", ROUND)
@given_any(st.data())
def test_what_an_answer_is_written_as_is_read_as_the_same_answer(place: tuple[str, str], data: st.DataObject) -> None:
    """Seen failing when 72.0 came back as 72."""
    feature, item = place
    answer = data.draw(ROUND[place])
    found = coerce(features.library().instrument(f"{feature}@1.0"), item, written(answer))
    assert (answer, type(answer)) == (found, type(found))


def test_every_kind_of_response_scale_has_its_coercion() -> None:
    """Seen failing with a kind left out of the table."""
    assert set(COERCIONS) == RESPONSE_KINDS
