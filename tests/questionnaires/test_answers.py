import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from app.errors import Refusal
from app.questionnaires.answers import COERCIONS, DECLINED, AnswerValue, Declined, coerce, given
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import RESPONSE_KINDS
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


def test_an_item_left_out_on_purpose_is_missing_for_the_score() -> None:
    assert given({ItemId("q1"): 2, ItemId("q2"): DECLINED}) == {ItemId("q1"): 2}


def test_there_is_one_way_to_decline() -> None:
    assert list(Declined) == [DECLINED]


def test_every_kind_of_response_scale_has_its_coercion() -> None:
    """Seen failing with a kind left out of the table."""
    assert set(COERCIONS) == RESPONSE_KINDS
