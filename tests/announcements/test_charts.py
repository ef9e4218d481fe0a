"""A chart that is given back can reveal nobody, and never changes."""

import json

import pytest

from app.announcements import charts
from app.announcements.charts import LEAST_PEOPLE, freeze, thaw
from app.errors import Refusal
from tests.announcements.builders import ENERGY, a_chart, a_point, a_scale
from tests.support.world import AT


def test_a_symptom_scale_is_turned_so_that_higher_is_better() -> None:
    """Seen failing with the score shown as it is, and with the ends of the interval left in the old order."""
    point = a_chart([a_point(0, mean=40.0, half=5.0)]).points[0]
    assert (55, 60, 65) == (point.low, point.mean, point.high)


def test_a_scale_where_high_is_good_is_shown_as_it_is() -> None:
    point = a_chart([a_point(0, mean=40.0, half=5.0)], better="high").points[0]
    assert (35, 40, 45) == (point.low, point.mean, point.high)


def test_a_mean_of_nine_people_is_not_kept_at_all_and_one_of_ten_is() -> None:
    """Seen failing with ``<=`` and with the number of people left in place."""
    few, enough = a_chart([a_point(0, n=LEAST_PEOPLE - 1), a_point(3, n=LEAST_PEOPLE)]).points
    assert (None, None, None, None) == (few.mean, few.low, few.high, few.n)
    assert (60, LEAST_PEOPLE) == (enough.mean, enough.n)


def test_an_interval_beyond_the_scale_ends_at_its_end() -> None:
    point = a_chart([a_point(0, mean=98.0, half=5.0)]).points[0]
    assert (0, 2, 7) == (point.low, point.mean, point.high)


def test_a_visit_that_nobody_answered_stays_on_the_axis_without_a_number() -> None:
    chart = a_chart([a_point(0), a_point(3, mean=None, n=0), a_point(6)])
    assert [60, None, 60] == [point.mean for point in chart.points]
    assert 2 == len(chart.shown)


def test_only_whole_points_are_kept_so_that_two_charts_do_not_tell_one_persons_score() -> None:
    """Ten people at 50, then an eleventh at 0: exact means (50 and 45.4545...) would give the 0 away."""
    before = a_chart([a_point(0, mean=50.0, n=10)]).points[0].mean
    after = a_chart([a_point(0, mean=500 / 11, n=11)]).points[0].mean
    assert (50, 55) == (before, after)
    assert isinstance(after, int)


def test_the_points_are_in_the_order_of_the_visits() -> None:
    assert [0, 3, 6] == [point.position for point in a_chart([a_point(6), a_point(0), a_point(3)]).points]


def test_a_chart_needs_two_points() -> None:
    chart = a_chart([a_point(0), a_point(3, n=9)])
    with pytest.raises(Refusal, match="too-few-for-chart"):
        charts.refuse_too_few(chart)
    charts.refuse_too_few(a_chart())


def test_a_chart_comes_back_from_json_as_it_was() -> None:
    chart = freeze(ENERGY, a_scale(), a_chart().words, [a_point(0), a_point(3, n=3)], AT)
    assert chart == thaw(json.loads(json.dumps(chart.model_dump(mode="json"))))
