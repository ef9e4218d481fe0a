import numpy as np

from app.scoring.transforms import extreme, first, linear, total

HALVES = np.array([1.0, 2.5, 4.0])


def test_the_lowest_mean_is_0_and_the_highest_100_unless_reversed() -> None:
    """Seen failing when the two branches of the reversal were exchanged."""
    assert linear(HALVES, 1.0, 3.0, False).tolist() == [0.0, 50.0, 100.0]
    assert linear(HALVES, 1.0, 3.0, True).tolist() == [100.0, 50.0, 0.0]


def test_the_transform_leaves_its_means_alone() -> None:
    """Seen failing when the share was computed in place."""
    linear(HALVES, 1.0, 3.0, False)
    assert HALVES.tolist() == [1.0, 2.5, 4.0]


def test_a_sum_leaves_its_rows_alone() -> None:
    """Seen failing when the first row was the accumulator: the next scale then read a sum as an answer."""
    rows = [np.array([1.0]), np.array([2.0])]
    assert (total(rows).tolist(), rows[0].tolist()) == ([3.0], [1.0])


def test_what_is_missing_is_neither_the_highest_nor_the_lowest() -> None:
    """Seen failing without the infinities: a missing answer holds 0 and was the lowest."""
    rows, there = [np.array([0.0]), np.array([3.0])], [np.array([False]), np.array([True])]
    assert (extreme(rows, there, is_highest=False), extreme(rows, there, is_highest=True)) == (3.0, 3.0)


def test_the_first_that_is_there_is_taken_even_if_it_is_0() -> None:
    rows, there = [np.array([9.0]), np.array([0.0]), np.array([5.0])], [np.array([one]) for one in (False, True, True)]
    assert first(rows, there) == 0.0
