"""The timeline: which occasions a participant has, and at which instants, in every time zone there is."""

from datetime import date, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scheduling.elements import VisitKey
from app.scheduling.local_time import instant
from app.scheduling.protocol import Protocol
from tests.scheduling import oracle
from tests.scheduling.builders import (
    HOUR,
    PARIS,
    ZONES,
    a_protocol,
    a_visit,
    an_occasion,
    change_days,
    lived,
    modest,
    participants,
    protocols,
    utc,
    zones,
)

Person = tuple[ZoneInfo, dict[str, date]]


def test_the_four_instants_are_counted_in_local_days_from_the_anchor() -> None:
    occasion = an_occasion(date(2026, 1, 15))
    assert date(2026, 7, 15) == occasion.anchor
    assert utc(2026, 7, 7, 22) == occasion.opens  # midnight of the 8th, summer time
    assert utc(2026, 7, 15, 7) == occasion.notify  # nine o'clock of the 15th
    assert utc(2026, 7, 22, 22) == occasion.due  # the end of the 22nd
    assert utc(2026, 7, 29, 22) == occasion.closes  # the end of the 29th
    assert occasion.key == ("m6", 1)
    assert occasion.instruments == ("weshare-core@1.0",)


def test_a_window_of_one_day_lasts_as_long_as_the_clocks_make_that_day() -> None:
    one_day = {"offset": "P0D", "opens": "P0D", "due": "P0D", "closes": "P0D", "reminders": []}
    for hours, day in ((23, date(2026, 3, 29)), (24, date(2026, 3, 30)), (25, date(2026, 10, 25))):
        occasion = an_occasion(day, **one_day)
        assert hours * HOUR == occasion.closes - occasion.opens


def test_a_visit_on_an_event_without_a_date_has_no_occasion() -> None:
    protocol = a_protocol(a_visit("m6"), a_visit("week-2", event="surgery"))
    assert [occasion.visit_key for occasion in lived(protocol, {"inclusion": date(2026, 1, 1)}, PARIS)] == ["m6"]
    assert lived(protocol, {}, PARIS) == ()
    assert lived(protocol, {"progression": date(2026, 1, 1)}, PARIS) == ()


def test_occasions_come_in_the_order_of_time_not_of_the_protocol() -> None:
    protocol = a_protocol(
        a_visit("m12", offset="P12M"), a_visit("m6"), a_visit("week-2", event="surgery", offset="P2W")
    )
    events = {"inclusion": date(2026, 1, 1), "surgery": date(2026, 8, 1)}
    assert [occasion.visit_key for occasion in lived(protocol, events, PARIS)] == ["m6", "week-2", "m12"]


def test_ten_years_after_a_29_february_is_a_28_february() -> None:
    anchors = [an_occasion(date(2024, 2, 29), offset=f"P{years}Y").anchor for years in (1, 4, 10)]
    assert [date(2025, 2, 28), date(2028, 2, 29), date(2034, 2, 28)] == anchors


@pytest.mark.parametrize(
    ("expected", "day", "hour", "zone"),
    [
        (utc(2026, 3, 29, 1), date(2026, 3, 29), 2, "Europe/Paris"),  # 02:00 is skipped: 03:00 summer time
        (utc(2026, 10, 25, 0), date(2026, 10, 25), 2, "Europe/Paris"),  # 02:00 comes twice: the first
        (utc(2026, 3, 8, 5), date(2026, 3, 8), 0, "America/Havana"),  # midnight is skipped
        (utc(2026, 11, 1, 4), date(2026, 11, 1), 0, "America/Havana"),  # midnight comes twice
        (utc(2026, 10, 3, 15, 30), date(2026, 10, 4), 2, "Australia/Lord_Howe"),  # half an hour: 02:00 becomes 02:30
        (utc(2026, 9, 26, 14), date(2026, 9, 27), 3, "Pacific/Chatham"),  # 02:45 to 03:45: 03:00 becomes 03:45
        (utc(2011, 12, 30, 10), date(2011, 12, 30), 9, "Pacific/Apia"),  # the whole day is skipped
        (utc(2010, 11, 7, 2, 30), date(2010, 11, 7), 0, "America/St_Johns"),  # 00:01 goes back to 23:01
        (utc(2026, 1, 1, 3, 15), date(2026, 1, 1), 9, "Asia/Kathmandu"),
    ],
)
def test_an_hour_that_is_skipped_or_shown_twice_has_one_instant(
    expected: object, day: date, hour: int, zone: str
) -> None:
    """Seen failing without the loop (in Chatham and in Apia) and with ``fold=1``."""
    assert expected == instant(day, hour, ZoneInfo(zone))


def two_days(zone: ZoneInfo) -> tuple[date, ...]:
    """The days of a year on which clocks change, of the last of these years with two such days; else any two days."""
    years = (change_days(zone, year) for year in (2026, 2016, 2006, 1996, 1986, 1976))
    return next((days for days in years if len(days) >= 2), (date(2026, 3, 29), date(2026, 10, 25)))


def test_every_hour_around_both_clock_changes_of_a_year_is_right_in_every_zone() -> None:
    """Seen failing with ``fold=1``, and with the skipped hour left where Python puts it."""
    alike: dict[
        tuple[date, object], list[ZoneInfo]
    ] = {}  # zones whose clocks run alike are watched once, and all checked
    for zone in map(ZoneInfo, ZONES):
        for change in two_days(zone):
            ticks = (utc(change.year, change.month, change.day) + number * HOUR / 4 for number in range(-96, 288))
            alike.setdefault((change, tuple(tick.astimezone(zone).utcoffset() for tick in ticks)), []).append(zone)
    assert len(ZONES) >= 500  # the zone data are there
    assert sum(map(len, alike.values())) >= 2 * len(ZONES)
    assert sum(len(set(ahead)) > 1 for _change, ahead in alike) > 100  # and clocks do change
    for (change, _), same in alike.items():
        for day, hour in product((change, change + timedelta(days=1)), range(24)):  # in UTC and in local time
            expected = oracle.instant(day, hour, same[0])
            assert [expected] * len(same) == [instant(day, hour, zone) for zone in same], (same, day, hour)


@modest
@given(protocols(), participants())
def test_every_occasion_agrees_with_a_clock_watched_minute_by_minute(protocol: Protocol, person: Person) -> None:
    """Seen failing with windows that end at the start of their last day."""
    zone, events = person
    found = {occasion.key: occasion for occasion in lived(protocol, events, zone)}
    expected = {
        (visit.key, 1): oracle.instants(visit, events[visit.event], zone)
        for visit in protocol.visits
        if visit.event in events
    }
    assert expected == {key: (o.opens, o.notify, o.due, o.closes) for key, o in found.items()}


@modest
@given(protocols(), participants())
def test_occasions_are_sorted_and_each_keeps_its_own_order(protocol: Protocol, person: Person) -> None:
    zone, events = person
    found = lived(protocol, events, zone)
    assert sorted(o.opens for o in found) == [o.opens for o in found]
    assert len(found) == len({o.key for o in found})
    for occasion in found:
        assert occasion.opens <= occasion.notify <= occasion.closes
        assert occasion.opens <= occasion.due <= occasion.closes


@modest
@given(protocols(), participants(), st.integers(0, 500), zones)
def test_correcting_a_date_or_moving_away_keeps_the_identity_of_every_occasion(
    protocol: Protocol, person: Person, later: int, new_zone: ZoneInfo
) -> None:
    """A corrected date moves the visits of its own event, never backwards when it is later, and nothing else."""
    zone, events = person
    before = {o.key: o for o in lived(protocol, events, zone)}
    corrected = {key: on + timedelta(days=later) for key, on in events.items() if key == "inclusion"}
    after = {o.key: o for o in lived(protocol, events | corrected, zone)}
    moved_away = {o.key for o in lived(protocol, events, new_zone)}
    assert before.keys() == after.keys() == moved_away
    for key, occasion in before.items():
        if protocol.visit(VisitKey(key[0])).event == "inclusion":
            assert occasion.opens <= after[key].opens
            assert occasion.closes <= after[key].closes
        else:
            assert occasion == after[key]


@modest
@given(zones, st.dates(date(1975, 1, 1), date(2090, 1, 1)), st.integers(0, 22))
def test_a_later_hour_or_day_never_comes_earlier(zone: ZoneInfo, day: date, hour: int) -> None:
    assert instant(day, hour, zone) <= instant(day, hour + 1, zone) <= instant(day + timedelta(days=1), 0, zone)
