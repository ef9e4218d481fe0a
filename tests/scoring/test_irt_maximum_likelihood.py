"""The most likely theta: found for every pattern that has one, and refused with a reason for those that have none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import maximum_likelihood
from app.scoring.graded import MISSING, Bank, categories_of, log_probabilities
from app.scoring.irt import Status
from app.scoring.maximum_likelihood import ml
from tests.scoring.banks import answers, bank, banks, forty


@st.composite
def cases(draw: st.DrawFn) -> tuple[Bank, list[float]]:
    made = draw(banks(steepest=draw(st.sampled_from([5.0, 60.0]))))
    return made, draw(answers(made))


def log_likelihood(made: Bank, row: list[float], theta: float) -> float:
    curves = log_probabilities(made, theta)[0]
    return sum(
        float(curves[column, code])
        for column, code in enumerate(categories_of(made, [row])[0].tolist())
        if code != MISSING
    )


@given(cases())
def test_no_theta_is_more_likely_than_the_one_that_is_found(case: tuple[Bank, list[float]]) -> None:
    """Seen failing when Newton's steps were taken without a bracket, and when the search ended after three steps."""
    made, row = case
    found = ml(made, [row])
    if found.status[0] == Status.ESTIMATED:
        theta = float(found.theta[0])
        best = log_likelihood(made, row, theta)
        for step in (1e-4, 1e-2, 1.0, 10.0, 100.0):
            for other in (theta - step, theta + step):
                assert log_likelihood(made, row, other) <= best + 1e-9 * max(1.0, -best)


@given(cases())
def test_the_status_says_which_patterns_have_no_most_likely_theta(case: tuple[Bank, list[float]]) -> None:
    """Seen failing when a missing answer counted as none of the lowest, and with one highest category for all items."""
    made, row = case
    given_codes = [
        (code, top - 1) for code, top in zip(row, made.categories.tolist(), strict=True) if not np.isnan(code)
    ]
    expected = Status.ESTIMATED
    if not given_codes:
        expected = Status.NO_ANSWERS
    elif all(code == 0 for code, _ in given_codes):
        expected = Status.ALL_LOWEST
    elif all(code == top for code, top in given_codes):
        expected = Status.ALL_HIGHEST
    found = ml(made, [row])
    assert expected == found.status[0]
    assert (expected == Status.ESTIMATED) == bool(np.isfinite(found.theta[0]))
    assert len(given_codes) == found.answered[0]


def test_all_lowest_and_all_highest_answers_are_reported_and_not_given_a_number() -> None:
    """Seen failing when the ends of the search were given as thetas."""
    table = np.array([[0, 0], [1, np.nan], [np.nan, np.nan], [0, 1]])
    found = ml(bank([1.0, 2.0]), table)
    assert [Status.ALL_LOWEST, Status.ALL_HIGHEST, Status.NO_ANSWERS, Status.ESTIMATED] == found.status.tolist()
    assert [True, True, True, False] == np.isnan(found.theta).tolist() == np.isnan(found.error).tolist()


@given(cases(), st.integers(0, 20))
def test_one_person_and_the_same_person_in_a_table_have_the_same_most_likely_theta(
    case: tuple[Bank, list[float]], position: int
) -> None:
    """To the last bit. Seen failing when all rows were searched for as long as the slowest."""
    made, row = case
    table = np.random.default_rng(position).integers(0, 2, (21, len(row))).astype(float)
    table[position] = row
    alone, among = ml(made, [row]), ml(made, table)
    np.testing.assert_array_equal((alone.theta[0], alone.error[0]), (among.theta[position], among.error[position]))


def test_rows_beyond_one_block_are_found_like_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen failing when each block was written to the start of the result."""
    table = np.random.default_rng(5).integers(0, 5, (10, 40))
    expected = ml(forty(), table)
    monkeypatch.setattr(maximum_likelihood, "ROWS_AT_ONCE", 3)
    np.testing.assert_array_equal(ml(forty(), table).theta, expected.theta)


@given(cases(), st.data())
def test_a_higher_answer_never_gives_a_lower_most_likely_theta(
    case: tuple[Bank, list[float]], data: st.DataObject
) -> None:
    """Seen failing with the sign of the slope turned for one item."""
    made, row = case
    rises = [
        column
        for column, top in enumerate(made.categories.tolist())
        if not np.isnan(row[column]) and row[column] < top - 1
    ]
    if rises:
        column = data.draw(st.sampled_from(rises))
        found = ml(made, [row, [code + (place == column) for place, code in enumerate(row)]])
        if [Status.ESTIMATED] * 2 == found.status.tolist() and np.isfinite(found.error).all():
            assert found.theta[0] <= found.theta[1] + 1e-6


@pytest.mark.parametrize(("slopes", "steps", "expected"), [
    ([1.0, 1.0], [[-3.0], [5.0]], 1.0),
    ([1.0, 1.0], [[300.0], [302.0]], 301.0),
    ([0.01, 0.01], [[-2000.0], [-3000.0]], -2500.0),
    ([80.0, 80.0], [[7.0], [7.5]], 7.25),
])  # fmt: skip
def test_two_opposite_answers_meet_in_the_middle_however_far_away(
    slopes: list[float], steps: list[list[float]], expected: float
) -> None:
    """Seen failing when the search began and ended within -8 and 8."""
    assert pytest.approx(expected, abs=1e-8) == ml(bank(slopes, steps), [[0, 1]]).theta[0]


def test_answers_that_contradict_each_other_over_a_wide_gap_have_an_infinite_error() -> None:
    """Seen failing when the error was a division by 0."""
    found = ml(bank([100.0, 100.0], [[20.0], [-20.0]]), [[1, 0]])
    assert -20 < found.theta[0] < 20
    assert np.inf == found.error[0]
