from dataclasses import replace

import pytest

from app.charts.axes import COMPACT, WIDE, Plot, ground, plot, runs, when
from tests.charts.drawings import AXIS

AREA = Plot(left=40, right=340, top=50, bottom=150)


@pytest.mark.parametrize(("y", "score"), [(150, 0), (100, 50), (50, 100), (50, 130), (150, -4)])
def test_a_score_has_its_height_and_beyond_the_scale_lies_the_edge(y: float, score: float) -> None:
    """Seen failing when 100 was at the bottom, and when a score was not held within the plot."""
    assert AREA.y(score) == y


def test_time_runs_from_left_to_right_and_a_single_moment_is_in_the_middle() -> None:
    assert [AREA.x(moment, 0, 10) for moment in (0, 5, 10)] == [54, 190, 326]
    assert AREA.x(7, 7, 7) == 190


def test_long_words_for_100_move_the_plot_down() -> None:
    long = replace(AXIS, high="100: " + "you can do all that you like to do " * 3)
    assert plot(COMPACT, long).top > plot(COMPACT, AXIS).top
    assert plot(COMPACT, long).bottom - plot(COMPACT, long).top == COMPACT.height


def test_the_plot_grows_where_the_names_beside_it_need_height() -> None:
    area = plot(WIDE, AXIS, beside=100, least=500)
    assert (area.bottom - area.top, area.right) == (500, WIDE.width - 100)


def test_the_ground_shows_both_ends_in_words_and_three_numbers() -> None:
    parts, bottom = ground(COMPACT, AREA, AXIS)
    shown = {(part.get("class") or "").split()[-1]: part.text for part in parts if part.tag == "text"}
    assert shown == {"chart-number": "100", "chart-end": "0: very tired"}
    assert [part.text for part in parts if part.tag == "text"] == [
        "0",
        "50",
        "100",
        "100: full of energy",
        "0: very tired",
    ]
    assert bottom > when(AREA) > AREA.bottom


def test_runs_are_the_stretches_without_a_gap() -> None:
    assert runs([1, 2, None, 3, None, None], lambda value: value is not None) == [[1, 2], [3]]
