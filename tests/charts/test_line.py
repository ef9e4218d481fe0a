import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts import line
from app.charts.axes import COMPACT, WIDE, Frame
from app.charts.band import band_chart
from app.charts.line import line_chart
from app.charts.model import Series
from tests.charts.drawings import AXIS, IDS, course, group, having, mean_at, numbers, read, texts

VALUES = st.lists(st.none() | st.floats(0, 100), max_size=30)


def draw(series: Series, frame: Frame = COMPACT) -> str:
    return line_chart(series, ids=IDS, title="Energy", description="Your scores", axis=AXIS, frame=frame)


def test_the_course_is_one_line_through_a_point_for_each_score() -> None:
    svg = draw(course([20, 40, 80]))
    assert len(having(svg, "chart-line")) == 1
    heights = [numbers(point, "cy")[0] for point in having(svg, "chart-point")]
    assert len(heights) == 3
    assert heights[0] > heights[1] > heights[2]


def test_a_missing_score_breaks_the_line_and_is_never_filled_in() -> None:
    """Seen failing when the missing point was skipped and its neighbours were joined."""
    svg = draw(course([20, 40, None, 60, 80, None, 50]))
    lines = [element.get("d", "").count(" ") for element in having(svg, "chart-line")]
    assert lines == [3, 3]
    assert len(having(svg, "chart-point")) == 5
    assert len(having(svg, "chart-tick-missing")) == 2


def test_one_point_is_drawn_with_its_value_and_its_day_and_no_line() -> None:
    svg = draw(course([67]))
    assert texts(svg, "chart-value") == ["67"]
    assert texts(svg, "chart-when") == ["2026-01-01"]
    assert having(svg, "chart-line") == []


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_without_a_score_there_is_no_picture(values: list[None]) -> None:
    """Seen failing when a series of missing scores gave an empty grid."""
    assert draw(course(values)) == ""


def test_points_are_drawn_in_the_order_of_their_days() -> None:
    forwards = course([20, 40, 80])
    assert draw(Series("Energy", forwards.points[::-1])) == draw(forwards)


def test_the_ends_of_the_scale_are_told_in_words() -> None:
    assert texts(draw(course([50])), "chart-end") == ["100: full of energy", "0: very tired"]


def test_a_day_is_written_once_and_thirty_points_leave_some_days_out() -> None:
    """Seen failing when every point wrote its day."""
    crowded = texts(draw(course([50] * 30)), "chart-when")
    assert 2 <= len(crowded) < 10
    assert (crowded[0], crowded[-1]) == ("2026-01-01", "2028-05-20")
    assert texts(draw(course([50, 60], days=0)), "chart-when") == ["2026-01-01"]


@given(VALUES, st.sampled_from([COMPACT, WIDE]))
def test_everything_lies_within_the_picture(values: list[float | None], frame: Frame) -> None:
    """Seen failing when the first and last points stood on the edges and were cut."""
    svg = draw(course(values), frame)
    if not svg:
        return
    _, _, width, height = map(float, read(svg).get("viewBox", "").split())
    for point in having(svg, "chart-point"):
        x, y, r = numbers(point, "cx", "cy", "r")
        assert r <= x <= width - r
        assert r <= y <= height - r
    for label in having(svg, "chart-label"):
        x, y = numbers(label, "x", "y")
        assert 0 <= x <= width
        assert 0 <= y <= height


@given(VALUES)
def test_the_same_course_is_always_the_same_text(values: list[float | None]) -> None:
    assert draw(course(values)) == draw(course(values))


def test_no_chart_carries_a_style_a_script_or_a_colour() -> None:
    """A strict content security policy would drop them. Seen failing with a fill on the points."""
    groups = [group("A", mean_at(0, 40), mean_at(3, 50)), group("B", mean_at(0, None), mean_at(3, 60))]
    band = band_chart(groups, ids=IDS, title="t", description="d", axis=AXIS, people="People")
    for svg in (draw(course([20, None, 40])), band):
        for element in read(svg).iter():
            assert not {"style", "fill", "stroke", "font-size", "onload", "href"} & set(element.keys())
            assert element.tag.rpartition("}")[2] in {"svg", "title", "desc", "g", "path", "line", "circle", "text"}


def test_the_list_of_class_names_is_the_list_of_those_in_use() -> None:
    """The style sheet is written from that list. Seen failing when chart-leader was missing in it."""
    first_column = (row[:25] for row in (line.__doc__ or "").splitlines() if row.startswith("chart"))
    listed = {name for row in first_column for name in re.findall(r"chart[a-z0-9-]*", row)} | {"chart-arm-2"}
    groups = [group("A", mean_at(0, 40), mean_at(3, 50)), group("B", mean_at(0, 60))]
    drawn = [
        draw(course([20, None, 40, 50]), COMPACT),
        band_chart(groups, ids=IDS, title="t", description="d", axis=AXIS, people="People"),
    ]
    used = {name for svg in drawn for element in read(svg).iter() for name in element.get("class", "").split()}
    assert used == listed
