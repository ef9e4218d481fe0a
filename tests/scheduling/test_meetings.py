"""Windows of visits that repeat: whether two are ever open together, held against trying every day."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.scheduling import meetings
from app.scheduling.meetings import shape_of
from app.scheduling.period import add
from app.scheduling.protocol import Visit
from app.scheduling.rounds import times
from app.scheduling.spreads import spread
from tests.scheduling.builders import SCALE, a_visit

ONE_DAY = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += ONE_DAY


AROUND = [*days(date(2003, 1, 1), date(2007, 1, 1)), *days(date(2097, 1, 1), date(2101, 1, 1))]
"""A leap cycle, and the years around a February 29 that does not come: windows of the tests reach three years."""


def a_visit_of(key: str = "m6", **changes: object) -> Visit:
    calm = {"notify": "P0D", "due": "P0D", "reminders": []}
    return Visit.model_validate(a_visit(key, **calm, **changes))


def windows(visit: Visit, event: date, most: int) -> list[tuple[int, int]]:
    return [
        (
            24 * add(day, visit.opens).toordinal() + visit.opens_hour,
            24 * add(day, visit.closes).toordinal() + visit.closes_hour,
        )
        for _place, day in islice(times(visit, event), most)
    ]


def brute_meet(first: Visit, second: Visit, tried: Iterable[date], most: int = 40) -> bool:
    return any(
        one[0] < other[1] and other[0] < one[1]
        for event in tried
        for one in windows(first, event, most)
        for other in windows(second, event, most)
    )


def brute_overlaps(visit: Visit, tried: Iterable[date], most: int = 40) -> bool:
    return any(one[1] > other[0] for event in tried for one, other in pairwise(sorted(windows(visit, event, most))))


# Lengths around a month, so that which month it is decides.
STEPS = st.sampled_from(["P1M", "P2M", "P28D", "P29D", "P30D", "P31D", "P1M1D", "P4W"])
OFFSETS = st.sampled_from(["P0D", "P1M", "P27D", "P30D", "P59D", "P1M29D", "P1Y", "P365D", "-P1M"])
OPENS = st.sampled_from(["P0D", "-P1D", "-P3D", "P1D", "-P1M"])
CLOSES = st.sampled_from(["P0D", "P1D", "P14D", "P26D", "P27D", "P28D", "P29D", "P30D", "P1M"])
HOURS = st.sampled_from([0, 9, 12])
ENDS = st.sampled_from([{"times": 2}, {"times": 3}, {"until": "P3M"}, {"until": "P90D"}])
BURSTS = st.sampled_from([None, None, {"times": 3, "every": "P1D"}, {"times": 2, "every": "P1M"}])


@st.composite
def repeated(draw: st.DrawFn) -> Visit:
    rule = draw(st.one_of(st.none(), ENDS))
    return a_visit_of(
        offset=draw(OFFSETS),
        opens=draw(OPENS),
        closes=draw(CLOSES),
        opens_hour=draw(HOURS),
        closes_hour=draw(HOURS) + 1,
        repeats=None if rule is None else {"every": draw(STEPS), **rule},
        burst=draw(BURSTS),
    )


DAY_BEFORE, DAY_AFTER = {"opens": "-P1D", "closes": "P0D"}, {"opens": "P0D", "closes": "P1D"}
AFTER_THE_SIXTEENTH = (
    a_visit_of(**DAY_BEFORE, offset="P27D", repeats={"every": "P31D", "times": 2}),
    a_visit_of(**DAY_AFTER, offset="P1M", repeats={"every": "P1M", "until": "P3M"}, burst={"times": 2, "every": "P1M"}),
)
"""Open together only where the event comes late in a month, which few pairs are: a chance finds one in thousands."""


@settings(max_examples=25 * SCALE, deadline=None)
@given(repeated(), repeated())
@example(*AFTER_THE_SIXTEENTH)
def test_two_visits_meet_as_trying_every_day_says(first: Visit, second: Visit) -> None:
    """Seen failing with sixteen days in the place of all, and without the spread of the later steps."""
    assert brute_meet(first, second, AROUND) == meetings.meet(shape_of(first), shape_of(second))


@settings(max_examples=25 * SCALE, deadline=None)
@given(repeated())
def test_one_visit_overlaps_itself_as_trying_every_day_says(visit: Visit) -> None:
    """Seen failing with windows that follow upon each other left out."""
    assert brute_overlaps(visit, AROUND) == meetings.overlaps_itself(shape_of(visit))


@pytest.mark.parametrize(
    ("expected", "closes", "hour"),
    # From 31 January the month is 28 days long in most years: it opens again on the day on which it closes.
    [(False, "P27D", 24), (True, "P28D", 24), (False, "P28D", 0 + 9)],
)
def test_a_month_is_at_least_twenty_eight_days(expected: bool, closes: str, hour: int) -> None:
    visit = a_visit_of(
        opens="P0D", opens_hour=9, closes=closes, closes_hour=hour, repeats={"every": "P1M", "times": 12}
    )
    assert expected is meetings.overlaps_itself(shape_of(visit))


def test_what_meets_around_february_2100_only_is_found() -> None:
    """Four years always have a leap day, but for those around 2100. Seen failing with one leap cycle as starts."""
    yearly = a_visit_of("yearly", offset="P4Y", opens="P0D", closes="P0D", repeats={"every": "P4Y", "times": 2})
    late = a_visit_of("late", offset="P1460D", opens="P0D", closes="P0D")
    assert not brute_meet(yearly, late, days(date(2001, 1, 1), date(2009, 1, 1)))
    assert brute_meet(yearly, late, days(date(2097, 1, 1), date(2098, 1, 1)))
    assert meetings.meet(shape_of(yearly), shape_of(late))


def test_a_round_that_comes_too_late_meets_nothing() -> None:
    """Two months are 59 to 62 days: the third round comes within 60 days or not at all. Seen failing without that."""
    monthly = {"every": "P1M", "until": "P60D"}
    first = a_visit_of("first", offset="P0D", opens="P0D", closes="P0D", repeats=monthly)
    for offset, expected in (("P60D", True), ("P61D", False)):
        other = a_visit_of("other", offset=offset, opens="P0D", closes="P0D")
        assert expected is meetings.meet(shape_of(first), shape_of(other))


def test_a_visit_without_end_is_followed_to_where_the_other_one_comes() -> None:
    """Seen failing when sixty times of it stood for all."""
    for_ever = {"every": "P7D", "until_event": "surgery"}
    weekly = a_visit_of("weekly", offset="P0D", opens="P0D", closes="P0D", repeats=for_ever)
    far = a_visit_of("far", offset="P3500D", opens="P0D", closes="P0D")
    near = a_visit_of("near", offset="P3501D", opens="P0D", closes="P0D")
    assert meetings.meet(shape_of(weekly), shape_of(far))
    assert not meetings.meet(shape_of(weekly), shape_of(near))


def test_two_visits_without_end_meet_where_their_steps_come_together() -> None:
    """Every 6 and every 10 days, three days apart: never. One day more: at the first common day."""
    six = a_visit_of("six", offset="P0D", opens="P0D", closes="P0D", repeats={"every": "P6D", "until_event": "surgery"})
    for offset, expected in (("P3D", False), ("P4D", True)):
        ten = a_visit_of(
            "ten", offset=offset, opens="P0D", closes="P0D", repeats={"every": "P10D", "until_event": "surgery"}
        )
        assert expected is meetings.meet(shape_of(six), shape_of(ten))


def test_a_daily_diary_beside_a_monthly_visit_at_other_hours_never_meets_it_and_is_told_soon() -> None:
    diary = a_visit_of(
        "diary", offset="P0D", opens="P0D", closes="P0D", closes_hour=12, repeats={"every": "P1D", "times": 3650}
    )
    monthly = a_visit_of(
        "month", offset="P0D", opens="P0D", opens_hour=13, closes="P0D", repeats={"every": "P1M", "times": 120}
    )
    assert not meetings.meet(shape_of(diary), shape_of(monthly))


@pytest.mark.parametrize("months", [1, 2, 11, 12, 37, 48, 49])
def test_a_spread_is_what_four_hundred_years_say(months: int) -> None:
    """Also from days that the starting month does not have. Seen failing without the months before February 2100."""
    firsts = [date(2000 + month // 12, month % 12 + 1, 1) for month in range(12 * 400 + months + 2)]
    lengths = [(second - first).days for first, second in pairwise(firsts)]
    found = {
        (firsts[at + months] - firsts[at]).days + min(day, lengths[at + months]) - min(day, lengths[at])
        for at in range(12 * 400)
        for day in range(1, 32)
    }
    assert (min(found), max(found)) == spread(months)
