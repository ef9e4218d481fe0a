"""The graded response model: what holds for every bank, and which banks are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from app.questionnaires.elements import ItemId
from app.scoring.graded import (
    MISSING,
    Bank,
    bank_of,
    categories_of,
    category_probabilities,
    item_information,
    log_probabilities,
    total_information,
)
from tests.scoring.banks import bank, banks

THETAS = st.lists(st.floats(-60, 60), min_size=1, max_size=4)


@given(banks(steepest=40.0), THETAS)
def test_the_probabilities_of_an_item_lie_between_0_and_1_and_sum_to_1(made: Bank, thetas: list[float]) -> None:
    """Seen failing without the factor 1 - exp(-a (b_k+1 - b_k))."""
    found = category_probabilities(made, thetas)
    assert found.min() >= 0
    assert found.max() <= 1
    np.testing.assert_allclose(found.sum(axis=2), 1, rtol=1e-12)


@given(banks(), st.floats(-4, 4))
def test_the_probability_of_a_category_is_the_difference_of_two_curves(made: Bank, theta: float) -> None:
    """The model as it is defined, one item at a time. Seen failing with theta + b."""
    for item in range(len(made.items)):
        steps = [step for step in made.thresholds[item].tolist() if step != np.inf]
        at_least = [1.0, *(1 / (1 + np.exp(-made.slopes[item] * (theta - step))) for step in steps), 0.0]
        found = category_probabilities(made, theta)[0, item, : len(steps) + 1]
        np.testing.assert_allclose(found, -np.diff(at_least), rtol=1e-9, atol=1e-12)


@given(banks(), THETAS)
def test_information_is_never_below_0_and_adds_up_over_the_items(made: Bank, thetas: list[float]) -> None:
    """Seen failing without the square, and with the mean instead of the sum."""
    found = item_information(made, thetas)
    assert found.min() >= 0
    np.testing.assert_allclose(total_information(made, thetas), [sum(row) for row in found.tolist()], rtol=1e-12)


@given(banks(), st.floats(-4, 4))
def test_information_is_the_mean_of_the_squared_slope_of_the_log_likelihood(made: Bank, theta: float) -> None:
    """Fisher's definition, its slope taken from a small difference. Seen failing with the slope to the power 1."""
    before, after = log_probabilities(made, [theta - 1e-5, theta + 1e-5])
    slope = np.subtract(after, before, out=np.zeros_like(after), where=np.isfinite(after)) / 2e-5
    expected = (category_probabilities(made, theta)[0] * slope**2).sum(axis=1)
    np.testing.assert_allclose(item_information(made, theta)[0], expected, rtol=1e-5, atol=1e-9)


def test_an_answer_however_unlikely_keeps_a_finite_logarithm() -> None:
    """Seen failing when the probability was computed as a difference and then its logarithm taken."""
    found = log_probabilities(bank([20.0], [[-1.0, 0.0, 2.0]]), [-50.0, 50.0])
    assert np.isfinite(found).all()
    assert pytest.approx([-1020.0, -1040.0]) == [found[1, 0, 0], found[0, 0, 3]]


def test_an_item_with_fewer_categories_behaves_beside_others_as_it_does_alone() -> None:
    """Seen failing when a threshold that is not there counted as 0."""
    alone, beside = bank([1.3], [[-0.5, 0.7]]), bank([1.3, 2.0], [[-0.5, 0.7], [-1.0, 0.0, 1.0, 2.0]])
    thetas = [-2.0, 0.1, 3.0]
    assert [3, 5] == beside.categories.tolist()
    np.testing.assert_array_equal(
        np.pad(category_probabilities(alone, thetas)[:, 0], ((0, 0), (0, 2))),
        category_probabilities(beside, thetas)[:, 0],
    )
    np.testing.assert_array_equal(item_information(alone, thetas)[:, 0], item_information(beside, thetas)[:, 0])


def test_a_bank_with_mistakes_lists_all_of_them() -> None:
    """Seen failing when the first mistake ended the search, with `<=` between thresholds, with a slope of 0 let in."""
    rows = [[0.0, 0.0], [1.0, -1.0], [float("nan"), 1.0], [-np.inf, 0.0], [], [0.0], [0.0], [0.0]]
    slopes = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, float("nan"), np.inf]
    with pytest.raises(ValueError) as refused:
        bank_of(["a", "b", "c", "d", "e", "f", "g", "a"], slopes, rows)
    assert ["a", "a", "b", "c", "d", "e", "f", "g", "a"] == [
        text.split(":")[0] for text in str(refused.value).split("; ")
    ]


@pytest.mark.parametrize("rows", [[[0.0]], [[0.0], [0.0], [0.0]]])
def test_a_bank_whose_columns_differ_in_length_is_refused(rows: list[list[float]]) -> None:
    """Seen failing without the check of shapes."""
    with pytest.raises(ValueError, match="2 items need as many slopes"):
        bank_of(["a", "b"], [1.0, 1.0], rows)


def test_a_bank_cannot_be_changed_from_outside() -> None:
    """Seen failing when the bank kept the caller's arrays."""
    slopes, thresholds = np.array([1.0]), np.array([[0.0]])
    made = Bank((ItemId("a"),), slopes, thresholds)
    slopes[0] = 9.0
    assert [1.0] == made.slopes.tolist()
    with pytest.raises(ValueError, match="read-only"):
        made.thresholds[0, 0] = 9.0


def test_what_is_no_category_of_its_item_is_missing() -> None:
    """Seen failing with one limit for all items, and when 1.5 was cut to 1."""
    made = bank([1.0, 1.0], [[0.0], [0.0, 1.0]])
    table: list[list[float]] = [[0, 2], [1, 3], [2, -1], [0.5, np.nan], [np.inf, -np.inf]]
    expected = [[0, 2], [1, MISSING], [MISSING, MISSING], [MISSING, MISSING], [MISSING, MISSING]]
    assert expected == categories_of(made, table).tolist()


@pytest.mark.parametrize("table", [[[0.0]], [[0.0, 1.0, 0.0]], [0.0, 1.0]])
def test_a_table_without_one_column_an_item_is_refused(table: ArrayLike) -> None:
    """Seen failing without the check."""
    with pytest.raises(ValueError, match="expected a table with 2 columns"):
        categories_of(bank([1.0, 1.0]), table)
