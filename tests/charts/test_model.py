from datetime import date

import pytest

from app.charts.model import BandPoint, Point


@pytest.mark.parametrize("value", [-0.1, 100.1, float("nan"), float("inf")])
def test_a_score_outside_0_to_100_is_never_drawn(value: float) -> None:
    """Seen failing when the check was left out: the point lay outside the picture."""
    with pytest.raises(ValueError):
        Point(date(2026, 1, 1), value, "visit")
    with pytest.raises(ValueError):
        BandPoint("M1", 1, value, None, None, 3)


def test_a_missing_score_and_both_ends_of_the_scale_are_fine() -> None:
    assert [Point(date(2026, 1, 1), value, "visit").value for value in (None, 0, 100)] == [None, 0, 100]


def test_an_interval_may_reach_beyond_the_scale() -> None:
    assert BandPoint("M1", 1, 95, 80, 110, 3).high == 110
