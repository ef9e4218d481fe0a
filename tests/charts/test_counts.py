from app.charts.axes import COMPACT, Plot
from app.charts.band import band_chart
from app.charts.counts import shown, under, visits
from tests.charts.drawings import AXIS, IDS, group, mean_at, texts

AREA = Plot(left=38, right=360, top=50, bottom=180)


def test_visits_of_all_groups_are_listed_once_in_time_order() -> None:
    groups = [group("A", mean_at(6, 50), mean_at(0, 50)), group("B", mean_at(3, 50), mean_at(6, 50))]
    assert [visit.label for visit in visits(groups, AREA)] == ["M0", "M3", "M6"]


def test_visits_are_thinned_by_the_widest_text_in_their_column() -> None:
    """Seen failing when only the names of the visits were measured: the numbers ran into each other."""
    few = [group("A", *(mean_at(month, 50, n=9) for month in range(10)))]
    many = [group("A", *(mean_at(month, 50, n=1_000_000) for month in range(10)))]
    assert len(shown(few, visits(few, AREA), COMPACT)) > len(shown(many, visits(many, AREA), COMPACT))


def test_a_group_that_skips_a_visit_leaves_its_place_empty() -> None:
    groups = [group("A", mean_at(0, 50, n=7), mean_at(6, 50, n=5)), group("B", mean_at(6, 50, n=4))]
    parts, bottom = under(groups, visits(groups, AREA), (200, 220), "People", COMPACT)
    assert [part.text for part in parts if "chart-count" in part.get("class", "")] == ["7", "5", "4"]
    assert bottom > 220


def test_a_number_that_must_not_be_told_is_not_written() -> None:
    """Seen failing when it was written as None, and as 0."""
    svg = band_chart(
        [group("A", mean_at(0, 40), mean_at(3, None, n=None), mean_at(6, 50))],
        ids=IDS,
        title="Mean",
        description="d",
        axis=AXIS,
        people="People",
    )
    assert texts(svg, "chart-count") == ["20", "20"]
    assert texts(svg, "chart-when") == ["M0", "M3", "M6"]
