"""Theta as the mean of the posterior: what must hold for every bank and every pattern of answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import irt
from app.scoring.graded import Bank, bank_of, categories_of, category_probabilities
from app.scoring.irt import STANDARD, Quadrature, Status, as_t, as_t_error, eap, log_posterior
from tests.scoring.banks import answers, bank, banks, forty


@st.composite
def cases(draw: st.DrawFn) -> tuple[Bank, list[float]]:
    made = draw(banks())
    return made, draw(answers(made))


def estimate(made: Bank, row: list[float], quadrature: Quadrature = STANDARD) -> tuple[float, float]:
    found = eap(made, [row], quadrature)
    return float(found.theta[0]), float(found.error[0])


@given(cases())
def test_theta_lies_within_the_points_and_its_error_is_that_of_the_prior_at_most_by_little(
    case: tuple[Bank, list[float]],
) -> None:
    """One surprising answer may widen the posterior, but never beyond the points. Seen failing with the variance about
    0 instead of about the mean.
    """
    theta, error = estimate(*case)
    if not np.isnan(theta):
        assert -4.5 < theta < 4.5
        assert 0 < error < 1.25


def test_a_row_without_answers_has_no_theta() -> None:
    """The prior alone is no measurement. Seen failing when the prior was given as the person's theta."""
    found = eap(bank([1.0, 2.0]), [[np.nan, np.nan], [np.nan, 1.0]])
    assert [Status.NO_ANSWERS, Status.ESTIMATED] == found.status.tolist()
    assert [True, False] == np.isnan(found.theta).tolist() == np.isnan(found.error).tolist()
    assert [0, 1] == found.answered.tolist()


def test_a_table_without_rows_has_no_thetas() -> None:
    assert (0,) == eap(forty(), np.empty((0, 40))).theta.shape


@given(cases(), st.integers(0, 40))
def test_one_person_and_the_same_person_in_a_table_have_the_same_theta(
    case: tuple[Bank, list[float]], position: int
) -> None:
    """To the last bit. Seen failing when the items were added by a matrix product."""
    made, row = case
    table = np.zeros((41, len(row)))
    table[position] = row
    found = eap(made, table)
    np.testing.assert_array_equal(estimate(made, row), (found.theta[position], found.error[position]))


def test_rows_beyond_one_block_are_scored_like_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen failing when each block was written to the start of the result."""
    table = np.random.default_rng(5).integers(0, 5, (10, 40))
    expected = eap(forty(), table)
    monkeypatch.setattr(irt, "ROWS_AT_ONCE", 3)
    found = eap(forty(), table)
    np.testing.assert_array_equal(found.theta, expected.theta)
    np.testing.assert_array_equal(found.answered, expected.answered)


@given(cases())
def test_a_missing_answer_is_the_same_as_a_bank_without_the_item(case: tuple[Bank, list[float]]) -> None:
    """To the last bit. Seen failing when a missing answer was taken as the lowest."""
    made, row = case
    columns = np.flatnonzero(~np.isnan(row))
    if len(columns):
        fewer = [row[column] for column in columns.tolist()]
        assert estimate(made, row) == estimate(made.only(columns), fewer)


@given(cases(), st.data())
def test_the_order_of_the_items_changes_nothing(case: tuple[Bank, list[float]], data: st.DataObject) -> None:
    """Seen failing when the second item that was answered got the second answer of the row."""
    made, row = case
    order = np.array(data.draw(st.permutations(range(len(row)))))
    found = estimate(made.only(order), [row[column] for column in order.tolist()])
    assert pytest.approx(estimate(made, row), abs=1e-10, nan_ok=True) == found


@given(cases(), st.data())
def test_a_higher_answer_never_gives_a_lower_theta(case: tuple[Bank, list[float]], data: st.DataObject) -> None:
    """Seen failing when the categories of one item were counted from the top."""
    made, row = case
    rises = [
        column
        for column, top in enumerate(made.categories.tolist())
        if not np.isnan(row[column]) and row[column] < top - 1
    ]
    if rises:
        column = data.draw(st.sampled_from(rises))
        higher = [code + (place == column) for place, code in enumerate(row)]
        assert estimate(made, row)[0] <= estimate(made, higher)[0] + 1e-12


@given(cases())
def test_mirrored_items_and_answers_give_the_opposite_theta(case: tuple[Bank, list[float]]) -> None:
    """Seen failing with a prior whose mean is not 0."""
    made, row = case
    steps = [[-step for step in reversed(line) if step != np.inf] for line in made.thresholds.tolist()]
    mirror = bank_of(made.items, made.slopes.tolist(), steps)
    theta, error = estimate(made, row)
    mirrored = (made.categories - 1 - np.array(row)).tolist()
    assert pytest.approx((-theta, error), abs=1e-10, nan_ok=True) == estimate(mirror, mirrored)


@given(cases(), st.data())
def test_one_more_answer_makes_the_error_smaller_on_average(
    case: tuple[Bank, list[float]], data: st.DataObject
) -> None:
    """A single answer may surprise and widen the posterior. The mean of the variances over the answers that may come,
    each as likely as the model says, is never larger than the variance now. Seen failing when only the newest answer
    was weighed, without the ones before.
    """
    made, row = case
    column = data.draw(st.integers(0, len(row) - 1))
    row = [np.nan if place == column else code for place, code in enumerate(row)]
    log_density = log_posterior(made, categories_of(made, [row]))[0]
    density = np.exp(log_density - log_density.max())
    chances = category_probabilities(made, STANDARD.nodes)[:, column].T @ density / density.sum()
    codes = range(int(made.categories[column]))
    later = [estimate(made, [*row[:column], float(code), *row[column + 1 :]])[1] ** 2 for code in codes]
    mean = (density * STANDARD.nodes).sum() / density.sum()
    variance = (density * (STANDARD.nodes - mean) ** 2).sum() / density.sum()
    assert chances[: len(later)] @ np.array(later) <= variance + 1e-12


def test_ten_times_the_points_change_nothing_while_the_error_is_wider_than_their_distance() -> None:
    """Seen failing with 31 points."""
    table = np.random.default_rng(1).integers(0, 5, (50, 40))
    coarse, fine = eap(forty(), table), eap(forty(), table, Quadrature(points=901))
    assert coarse.error.min() > 0.1
    np.testing.assert_allclose(coarse.theta, fine.theta, rtol=0, atol=1e-7)
    np.testing.assert_allclose(coarse.error, fine.error, rtol=0, atol=1e-6)


def test_an_item_that_tells_next_to_nothing_leaves_the_prior() -> None:
    """Seen failing when the mean and the deviation of the prior were not used."""
    found = eap(bank([1e-9]), [[1.0]], Quadrature(201, -12.0, 8.0, mean=-2.0, deviation=1.5))
    assert pytest.approx((-2.0, 1.5), abs=1e-6) == (found.theta[0], found.error[0])


@pytest.mark.parametrize(
    "wrong", [{"points": 1}, {"lowest": 4.5}, {"deviation": 0.0}, {"deviation": float("nan")}, {"lowest": float("nan")}]
)
def test_a_quadrature_that_cannot_weigh_anything_is_refused(wrong: dict[str, float]) -> None:
    """Seen failing without the check."""
    with pytest.raises(ValueError, match="two points at least"):
        Quadrature(**wrong)  # type: ignore[arg-type]


def test_a_theta_becomes_a_t_score_with_its_error() -> None:
    """Seen failing when the mean of 50 was added to the error as well."""
    assert (35.0, 3.0) == (as_t(-1.5), as_t_error(0.3))
    assert [50.0, 60.0] == as_t(np.array([0.0, 1.0])).tolist()
