"""Every term in which value sets are published, on states whose answer can be seen."""

import numpy as np
import pytest

from app.questionnaires.value_set_terms import WORDS, read_term
from app.scoring.valuesets import APART, FACTORS
from tests.scoring.definitions import value

DIMENSIONS = ("MO", "SC", "UA", "PD", "AD")
FACTOR = [
    (1, "FullHealth", "11111"),
    (1, "StartValue", "55555"),
    (0, "Intercept", "11111"),
    (1, "AtLeastOne2Or3", "11121"),
    (0, "AtLeastOne3", "22222"),
    (1, "A3", "12223"),
    (0, "N4", "33333"),
    (1, "N4", "11151"),
    (0, "N5", "44444"),
    (1, "N5", "11151"),
    (1, "MO2", "21111"),
    (0, "MO2", "31111"),
    (1, "MO45", "51111"),
    (0, "MO45", "31111"),
    (1, "MO3AD2", "31112"),
    (0, "MO3AD2", "31113"),
    (0, "D1", "11121"),
    (1, "D1", "21131"),
    (0, "D1", "11111"),
    (2, "I2", "22211"),
    (4, "I2square", "22211"),
    (1, "I3", "33211"),
    (9, "I3square", "33331"),
    (9, "C2square", "22213"),
    (4, "C3square", "33211"),
    (1, "O2", "12121"),
    (0, "O2", "12131"),
    (0, "O2", "11111"),
    (1, "O3", "33333"),
    (1, "X5", "22323"),
    (0, "X5", "12323"),
    (1, "Z2", "12311"),
    (0, "Z2", "11311"),
    (2, "Z3", "22311"),
    (0, "Z3", "22111"),
    (4, "Num45sq", "45411"),
    (0, "Num45sq", "41111"),
]


@pytest.mark.parametrize(("expected", "word", "state"), FACTOR)
def test_a_term_counts_as_its_name_says(expected: float, word: str, state: str) -> None:
    """Source: the value-set papers as computed by the R package eq5d 0.16.0."""
    term = read_term(word, DIMENSIONS)
    assert term is not None
    levels = [np.array([float(level)]) for level in state]
    assert [expected] == FACTORS[term.kind](levels, term).tolist()


def test_every_word_is_tried_above_and_every_kind_has_its_factor() -> None:
    tried = {word for _, word, _ in FACTOR}
    assert {"Power"} == set(WORDS) - tried
    assert {term.kind for term in WORDS.values()} - set(APART) <= set(FACTORS)


@pytest.mark.parametrize("word", ["MO", "XX2", "=111", "=1111x", "mo2", "", "N3", "MO2SC"])
def test_a_word_that_means_nothing_is_no_term(word: str) -> None:
    assert read_term(word, DIMENSIONS) is None


PRODUCT = "{P: {title: P, column: Z, source: s, form: product}}"
SCALE = f"method: value-set, table: values, dimensions: {{A: a, B: b}}, sets: {PRODUCT}"


@pytest.mark.parametrize(
    ("expected", "answers", "value_set"),
    [
        (0.9, {"a": 1, "b": 1}, "X"),
        (0.5, {"a": 2, "b": 3}, "x"),
        (0.05, {"a": 4, "b": 4}, "X"),
        (0.4, {"a": 2, "b": 3}, "P"),
        (None, {"a": 2}, "X"),
        (None, {"a": 2, "b": 3}, "Q"),
    ],
)
def test_terms_are_added_or_multiplied_and_a_state_may_have_its_own_value(
    expected: float | None, answers: dict[str, float], value_set: str
) -> None:
    found = value(SCALE, answers, value_set=value_set)
    assert (None if expected is None else pytest.approx(expected)) == found
