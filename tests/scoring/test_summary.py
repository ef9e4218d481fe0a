import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.summary import Mean, mean_course, student_t


@pytest.mark.parametrize(
    ("quantile", "freedom"), [(12.706, 1), (2.776, 4), (2.262, 9), (2.201, 11), (2.045, 29), (1.984, 100)]
)
def test_students_t_has_its_published_values(quantile: float, freedom: int) -> None:
    assert student_t(freedom) == pytest.approx(quantile, abs=1e-3)


@pytest.mark.parametrize("freedom", [*range(1, 60), 100, 500, 5000])
def test_the_quantile_leaves_five_percent_outside_by_numerical_integration(freedom: int) -> None:
    """Seen failing with a digit changed in the table, and without the third term of the expansion."""
    end = student_t(freedom)
    x = np.linspace(-end, end, 20_001)
    log_scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    density = np.exp(log_scale - (freedom + 1) / 2 * np.log1p(x * x / freedom))
    assert np.trapezoid(density, x) == pytest.approx(0.95, abs=1e-5)


def test_the_interval_of_a_known_sample() -> None:
    """Mean 50, standard deviation 15.811, n 5: 50 +- 2.77645 * 15.811 / sqrt(5). Seen failing with n for n - 1."""
    found = mean_course([30, 40, 50, 60, 70])
    assert found == Mean(5, 50, pytest.approx(30.3676, abs=1e-3), pytest.approx(69.6324, abs=1e-3))


def test_no_value_has_no_mean_and_one_value_no_interval() -> None:
    assert mean_course([]) == Mean(0, None, None, None)
    assert mean_course([40]) == Mean(1, 40, None, None)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert mean_course([40, 40, 40]) == Mean(3, 40, 40, 40)


@pytest.mark.parametrize("stray", [math.nan, math.inf])
def test_a_missing_score_is_never_counted(stray: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        mean_course([40, stray])


@given(st.lists(st.floats(0, 100), min_size=2, max_size=50))
def test_the_mean_lies_in_the_middle_of_its_interval(values: list[float]) -> None:
    found = mean_course(values)
    assert found.mean is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.mean <= found.high
    assert (found.low + found.high) / 2 == pytest.approx(found.mean, abs=1e-9)
