import pytest

from app.scoring.interpret import as_wellbeing, change
from tests.scoring.builders import scale


def test_a_scale_where_high_is_good_is_shown_as_it_is() -> None:
    assert as_wellbeing(scale((1,), better="high"), 80) == 80


def test_a_symptom_scale_is_shown_the_other_way_round() -> None:
    """Seen failing when `better` was read as `reversed`."""
    assert as_wellbeing(scale((1,), better="low"), 80) == 20


@pytest.mark.parametrize(
    ("word", "previous", "current"),
    [
        ("same", 50, 50),
        ("same", 50, 59.9),
        ("same", 59.9, 50),
        ("better", 50, 60),
        ("worse", 60, 50),
        ("better", 0, 100),
        ("better", 25 / 3, 55 / 3),
        ("worse", 55 / 3, 25 / 3),
    ],
)
def test_a_change_is_named_from_ten_points_on(word: str, previous: float, current: float) -> None:
    """Seen failing for `<=`, for a threshold of 5 and, in the last two rows, without the allowance for rounding."""
    assert word == change(previous, current)
