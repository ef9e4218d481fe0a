from itertools import pairwise

import pytest

from app.charts.axes import COMPACT, WIDE, Frame
from app.charts.band import band_chart
from app.charts.labels import LINE
from app.charts.marks import SHAPES
from app.charts.model import BandSeries
from tests.charts.drawings import AXIS, IDS, SVG, group, having, mean_at, numbers, read, texts

USUAL = group("Usual care", mean_at(0, 40, n=30), mean_at(3, 50, n=28), mean_at(6, 55, n=21))
SPORT = group("Physical activity", mean_at(0, 42, n=31), mean_at(3, 60, n=29), mean_at(6, 70, n=25))


def draw(*groups: BandSeries, frame: Frame = WIDE) -> str:
    return band_chart(groups, ids=IDS, title="Mean", description="d", axis=AXIS, people="People", frame=frame)


def test_each_group_has_a_band_a_line_a_mark_of_its_own_and_its_name() -> None:
    """Seen failing when all groups had the first shape."""
    svg = draw(USUAL, SPORT)
    assert len(having(svg, "chart-band")) == len(having(svg, "chart-line")) == 2
    assert texts(svg, "chart-name") == ["Usual care", "Physical activity"]
    first, second = ({mark.tag for mark in part.iter(f"{SVG}circle")} for part in read(svg).findall(f"{SVG}g")[2:4])
    assert (first, second) == ({f"{SVG}circle"}, set())


def test_a_single_group_needs_no_name_and_takes_the_whole_width() -> None:
    svg = draw(USUAL)
    assert having(svg, "chart-name") == []
    assert numbers(having(svg, "chart-axis")[0], "x2") == (WIDE.width,)


def test_the_number_of_people_stands_under_each_visit() -> None:
    svg = draw(USUAL, SPORT)
    assert texts(svg, "chart-when") == ["M0", "M3", "M6"]
    assert texts(svg, "chart-heading") == ["People"]
    assert texts(svg, "chart-count") == ["30", "28", "21", "31", "29", "25"]


def test_a_visit_without_a_mean_breaks_line_and_band() -> None:
    """Seen failing when the visit was skipped and its neighbours were joined."""
    svg = draw(group("A", mean_at(0, 40), mean_at(1, 45), mean_at(3, None, n=0), mean_at(6, 50), mean_at(9, 50)))
    assert len(having(svg, "chart-line")) == len(having(svg, "chart-band")) == 2
    assert texts(svg, "chart-count") == ["20", "20", "0", "20", "20"]


def test_a_mean_without_an_interval_keeps_its_mark_and_its_line() -> None:
    svg = draw(group("A", mean_at(0, 40), mean_at(3, 50, half=None, n=1), mean_at(6, 60)))
    assert len(having(svg, "chart-point")) == 3
    assert len(having(svg, "chart-line")) == 1
    assert having(svg, "chart-band") == []
    assert len(having(svg, "chart-interval")) == 2


def test_an_interval_beyond_the_scale_is_drawn_up_to_its_edge() -> None:
    """Seen failing when the height was not held within the plot."""
    svg = draw(group("A", mean_at(0, 98, half=20), mean_at(3, 98, half=20)))
    edge = numbers(having(svg, "chart-grid")[-1], "y1")[0]
    corners = [float(number) for number in having(svg, "chart-band")[0].get("d", "").strip("MZ").split()[1::2]]
    assert min(corners) == edge


@pytest.mark.parametrize("groups", [(), (group("A"),), (group("A", mean_at(0, None, n=0)),)])
def test_without_a_mean_there_is_no_picture(groups: tuple[BandSeries, ...]) -> None:
    assert draw(*groups) == ""


def test_a_group_without_any_mean_beside_others_keeps_its_row_of_numbers() -> None:
    svg = draw(USUAL, group("Nobody", mean_at(0, None, n=0)))
    assert texts(svg, "chart-name") == ["Usual care"]
    assert texts(svg, "chart-count") == ["30", "28", "21", "0"]


def test_more_groups_than_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 6 groups"):
        draw(*(group(f"G{at}", mean_at(0, 50)) for at in range(len(SHAPES) + 1)))


def test_names_at_the_same_height_do_not_cover_each_other() -> None:
    """Seen failing when each name stood at the height of its line's end."""
    for frame in (COMPACT, WIDE):
        names = having(draw(*(group(f"Group {at}", mean_at(0, 50)) for at in range(6)), frame=frame), "chart-name")
        heights = sorted(numbers(name, "y")[0] for name in names)
        assert all(below - above >= LINE for above, below in pairwise(heights))


def test_a_word_wider_than_its_room_is_squeezed_and_not_cut() -> None:
    svg = draw(group("Radiochemotherapeutically", mean_at(0, 50)), group("B", mean_at(0, 60)), frame=COMPACT)
    long, short = having(svg, "chart-name")
    assert numbers(long, "x")[0] + numbers(long, "textLength")[0] <= COMPACT.width
    assert short.get("textLength") is None


def test_visits_and_groups_are_drawn_in_time_order_whatever_the_order_given() -> None:
    assert draw(group("A", mean_at(6, 55), mean_at(0, 40))) == draw(group("A", mean_at(0, 40), mean_at(6, 55)))
