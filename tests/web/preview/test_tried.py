"""The answers of a preview travel sealed: nobody reads or changes them on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.answers import DECLINED
from app.web.preview.tried import Tried, seal, unseal, with_said
from tests.support.instruments import DEFINITION, changed, tiny_instrument
from tests.web.preview.definitions import parsed

TINY = tiny_instrument()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "q1": st.one_of(st.integers(1, 4), st.just(DECLINED)),
        "q2": st.integers(1, 4),
        "q3": st.one_of(st.integers(1, 7), st.just(DECLINED)),
    },
)


@given(ANSWERS)
def test_what_is_sealed_comes_out_again(answers: dict) -> None:
    assert Tried(answers) == unseal("secret", TINY, seal("secret", TINY, Tried(answers)))


def test_facts_travel_too() -> None:
    tried = Tried({"q1": 1}, {"sex": "male", "age": 61.5})
    assert tried == unseal("secret", TINY, seal("secret", TINY, tried))


def test_nothing_answered_needs_no_word() -> None:
    assert "" == seal("secret", TINY, Tried())
    assert Tried() == unseal("secret", TINY, "")


@pytest.mark.parametrize(
    "damage", [lambda word: word[:-4], lambda word: f"A{word[1:]}", lambda _word: "é\0", str.upper]
)
def test_a_damaged_word_holds_nothing(damage) -> None:
    assert Tried() == unseal("secret", TINY, damage(seal("secret", TINY, Tried({"q1": 2}))))


def test_only_who_has_the_key_can_make_or_read_a_word() -> None:
    """Seen failing with the answers as plain JSON."""
    word = seal("secret", TINY, Tried({"q1": 2}))
    assert Tried() == unseal("another", TINY, word)
    assert word != seal("secret", TINY, Tried({"q1": 2}))


def test_the_answers_of_another_instrument_are_no_answers() -> None:
    other = parsed(changed(DEFINITION, "code: tiny", "code: other"))
    assert Tried() == unseal("secret", other, seal("secret", TINY, Tried({"q1": 2})))


def test_an_answer_that_is_no_longer_possible_is_left_out() -> None:
    narrower = parsed(changed(DEFINITION, "options: [1, 2, 3, 4]", "options: [1, 2]"))
    assert Tried({"q2": 1}) == unseal("secret", narrower, seal("secret", TINY, Tried({"q1": 4, "q2": 1})))


def test_a_new_answer_takes_the_place_of_the_old_one() -> None:
    assert {"q1": 3, "q2": DECLINED} == with_said({"q1": 1}, {"q1": 3, "q2": DECLINED})
