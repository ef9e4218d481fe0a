from app.charts.model import Series
from app.charts.table import BandHeader, Style, band_rows, rows
from tests.charts.drawings import course, group, mean_at

STYLE = Style(number=lambda v: f"{v:.1f}".replace(".", ","), day=lambda d: f"{d:%d/%m/%Y}", missing="–")
HEADER = BandHeader(visit="Visit", group="Group", people="People", mean="Mean", low="From", high="To")


def test_the_table_has_every_score_of_the_chart_in_the_readers_way_of_writing() -> None:
    """Seen failing when a missing score was left out of the table."""
    table = rows([course([20, None, 100 / 3])], on="Date", visit="Visit", style=STYLE)
    assert table.header == ("Date", "Visit", "Energy")
    assert table.rows == (
        ("01/01/2026", "visit 0", "20,0"),
        ("31/01/2026", "visit 1", "–"),
        ("02/03/2026", "visit 2", "33,3"),
    )


def test_several_series_share_the_rows_of_their_common_visits() -> None:
    pain = Series("Comfort", course([50, 60, 70]).points[1:])
    table = rows([course([20, 30]), pain], on="Date", visit="Visit", style=STYLE)
    assert table.header == ("Date", "Visit", "Energy", "Comfort")
    assert [row[2:] for row in table.rows] == [("20,0", "–"), ("30,0", "60,0"), ("–", "70,0")]


def test_groups_stand_below_each_other_within_a_visit() -> None:
    groups = [group("A", mean_at(3, 50), mean_at(0, 40)), group("B", mean_at(0, None, n=0))]
    table = band_rows(groups, HEADER, style=STYLE)
    assert table.header == ("Visit", "Group", "People", "Mean", "From", "To")
    assert table.rows == (
        ("M0", "A", "20", "40,0", "30,0", "50,0"),
        ("M0", "B", "0", "–", "–", "–"),
        ("M3", "A", "20", "50,0", "40,0", "60,0"),
    )


def test_a_single_group_has_no_column_for_its_name() -> None:
    table = band_rows([group("A", mean_at(0, 40))], HEADER, style=STYLE)
    assert table.header == ("Visit", "People", "Mean", "From", "To")
    assert table.rows == (("M0", "20", "40,0", "30,0", "50,0"),)


def test_nothing_to_show_is_a_table_without_rows() -> None:
    assert rows([], on="Date", visit="Visit", style=STYLE).rows == ()
    assert band_rows([], HEADER, style=STYLE).rows == ()
