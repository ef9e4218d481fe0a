from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.charts.labels import BOLD, Box, around, width
from app.charts.values import FEW, Dot, Written, place

WITHIN = Box(30, 0, 360, 180)


def dots(*heights: float) -> list[Dot]:
    return [Dot(50 + 290 * at / max(1, len(heights) - 1), y, f"{180 - y:.0f}") for at, y in enumerate(heights)]


def ground(written: Written) -> Box:
    return around(written.x, written.baseline, width(written.text, BOLD))


def test_few_points_all_get_their_value() -> None:
    assert {written.text for written in place([dots(60, 90, 120, 100, 70)], WITHIN)} == {"120", "90", "60", "80", "110"}


def test_many_points_get_the_newest_the_oldest_the_highest_and_the_lowest_value() -> None:
    """Seen failing when all values were tried: a row of 30 numbers that nobody can read."""
    heights = [100.0] * (FEW + 3)
    heights[0], heights[5], heights[9], heights[-1] = 90, 40, 160, 110
    assert sorted(written.text for written in place([dots(*heights)], WITHIN)) == ["140", "20", "70", "90"]


def test_a_value_under_a_falling_line_stands_clear_of_it() -> None:
    """Seen failing when the line was no obstacle: the middle value stood across it."""
    falling = [Dot(60, 20, "100"), Dot(100, 90, "50"), Dot(140, 160, "0")]
    middle = next(written for written in place([falling], WITHIN) if written.text == "50")
    line_at = [90 + (x - 100) * 70 / 40 for x in (ground(middle).left, ground(middle).right)]
    assert ground(middle).bottom < min(line_at) or ground(middle).top > max(line_at)


@given(st.lists(st.lists(st.floats(40, 180), min_size=1, max_size=8), min_size=1, max_size=4))
def test_no_value_covers_another_value_or_a_point_or_leaves_its_ground(heights: list[list[float]]) -> None:
    """Seen failing when values were compared with points only, and when they were compared with values only."""
    every = dots(*(y for stretch in heights for y in stretch))
    rest = iter(every)
    written = place([[next(rest) for _ in stretch] for stretch in heights], WITHIN)
    assert not any(ground(one).meets(ground(other)) for one, other in combinations(written, 2))
    assert not any(
        ground(one).meets(Box(dot.x - 4, dot.y - 4, dot.x + 4, dot.y + 4)) for one in written for dot in every
    )
    assert all(WITHIN.left <= ground(one).left and ground(one).bottom <= WITHIN.bottom for one in written)


def test_the_newest_value_is_written_first() -> None:
    assert place([dots(100, 100, 100)], WITHIN)[0].x > 300
