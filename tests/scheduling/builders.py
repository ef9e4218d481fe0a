"""Documents, protocols and occasions with defaults, and the strategies that draw them."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import settings
from hypothesis import strategies as st

from app.scheduling.parse import parse_protocol
from app.scheduling.participation import Facts, participation
from app.scheduling.period import Period
from app.scheduling.protocol import Protocol
from app.scheduling.timeline import Occasion, occasions

SCALE = int(os.environ.get("WESHARE_PROPERTY_SCALE", "1"))
"""How many times as many examples: ``make properties`` asks for far more than a test run has time for."""
# No test asserts a time measured, so there is no deadline either.
modest = settings(max_examples=60 * SCALE, deadline=None)
thorough = settings(max_examples=250 * SCALE, deadline=None)

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
GRACE = 24 * HOUR
TICK = timedelta(microseconds=1)
ZONES = sorted(available_timezones())


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def a_reminder(step: str = "invitation", kind: str = "invitation", after: str = "P0D") -> dict[str, Any]:
    return {"step": step, "kind": kind, "after": after}


LADDER = [a_reminder(), a_reminder("nudge", "reminder", "P5D"), a_reminder("last", "last-call", "P12D")]


def a_visit(key: str = "m6", **changes: Any) -> dict[str, Any]:
    visit = {
        "key": key,
        "title": {"fr": "Six mois", "en": "Six months"},
        "event": "inclusion",
        "offset": "P6M",
        "opens": "-P7D",
        "notify": "P0D",
        "due": "P7D",
        "closes": "P14D",
        "notify_hour": 9,
        "instruments": ["weshare-core@1.0"],
        "reminders": LADDER,
    }
    return visit | changes


def a_document(*visits: dict[str, Any], **changes: Any) -> dict[str, Any]:
    events = {
        "inclusion": {"title": {"fr": "Inclusion"}, "kind": "inclusion"},
        "surgery": {"title": {"fr": "Chirurgie", "en": "Surgery"}, "kind": "surgery"},
        "cycle": {"title": {"fr": "Cycle"}, "kind": "cycle-start", "repeatable": True},
        "progression": {"title": {"fr": "Progression"}, "kind": "progression"},
        "death": {"title": {"fr": "Décès"}, "kind": "death"},
    }
    return {"version": 1, "events": events, "visits": list(visits or (a_visit(),))} | changes


def a_protocol(*visits: dict[str, Any]) -> Protocol:
    return parse_protocol(a_document(*visits))


def an_occasion(included: date = date(2026, 1, 15), zone: ZoneInfo = PARIS, **changes: Any) -> Occasion:
    """By default: opens 8 July, is announced on the 15th, due by the 22nd, closes with the 29th, in Paris."""
    (occasion,) = lived(a_protocol(a_visit(**changes)), {"inclusion": included}, zone)
    return occasion


def lived(protocol: Protocol, events: Mapping[str, date], zone: ZoneInfo) -> tuple[Occasion, ...]:
    """The occasions of somebody who never moved and has each event once, as seen long before."""
    return occasions(protocol, participation(events, zone), utc(1900, 1, 1))


@cache
def change_days(zone: ZoneInfo, year: int) -> tuple[date, ...]:
    """The days of a year in UTC on which the clocks of a zone change, by comparing each midnight with the next."""
    midnights = [utc(year, 1, 1) + timedelta(days=number) for number in range(366)]
    return tuple(
        midnight.date()
        for midnight in midnights
        if zone.utcoffset(midnight.astimezone(zone)) != zone.utcoffset((midnight + 24 * HOUR).astimezone(zone))
    )


zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(1975, 1, 1), date(2090, 12, 31))


@st.composite
def days_near_changes(draw: st.DrawFn, zone: ZoneInfo) -> date:
    """A day on which clocks change or a neighbour; any day where they never change that year."""
    changes = change_days(zone, draw(st.integers(1975, 2036)))
    if not changes:
        return draw(days)
    return draw(st.sampled_from(changes)) + timedelta(days=draw(st.integers(-1, 1)))


@st.composite
def periods(draw: st.DrawFn, years: int = 3, months: int = 30, number_of_days: int = 400) -> Period:
    sign = draw(st.sampled_from((1, -1)))
    parts = (draw(st.integers(0, most)) for most in (years, months, number_of_days))
    return Period(*(sign * part for part in parts))


@st.composite
def visits(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """A visit that makes sense: days in order, reminders between notify and closing."""
    opens = draw(st.integers(-20, 20))
    closes = draw(st.integers(opens, opens + 40))
    notify = draw(st.integers(opens, closes))
    steps = draw(st.lists(st.integers(0, closes - notify), max_size=4, unique=True))
    return a_visit(
        key,
        event=draw(st.sampled_from(("inclusion", "surgery"))),
        offset=str(draw(periods(1, 6, 40))),
        opens=str(Period(days=opens)),
        notify=str(Period(days=notify)),
        due=str(Period(days=draw(st.integers(opens, closes)))),
        closes=str(Period(days=closes)),
        notify_hour=draw(st.integers(0, 23)),
        instruments=[f"{key}@1.0"],  # its own instrument: windows may overlap
        reminders=[a_reminder(f"step-{number}", "reminder", f"P{after}D") for number, after in enumerate(steps)],
    )


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    keys = [f"visit-{number}" for number in range(draw(st.integers(1, 3)))]
    return a_protocol(*(draw(visits(key)) for key in keys))


@st.composite
def participants(draw: st.DrawFn) -> tuple[ZoneInfo, dict[str, date]]:
    """A zone and dated events, often where clocks change; sometimes an event has no date."""
    zone = draw(zones)
    day = days | days_near_changes(zone)
    both = ("inclusion", "surgery")
    dated = draw(st.sampled_from((both, both, both, both[:1], both[1:], ())))
    return zone, {event: draw(day) for event in dated}


def moments(occasion: Occasion) -> st.SearchStrategy[datetime]:
    """Instants that matter to an occasion, exactly, just before and just after; and some in between."""
    edges = (occasion.opens, occasion.notify, occasion.due, occasion.closes, occasion.closes + GRACE)
    exact = st.builds(
        lambda edge, shift: edge + shift, st.sampled_from(edges), st.sampled_from((-TICK, 0 * TICK, TICK))
    )
    return exact | st.builds(
        lambda number: occasion.opens + number * HOUR,
        st.integers(-48, 48 + (occasion.closes - occasion.opens) // HOUR),
    )


def facts_of(occasion: Occasion) -> st.SearchStrategy[Facts]:
    maybe = st.none() | moments(occasion)
    return st.builds(Facts, made_available=maybe, opened=maybe, started=maybe, submitted=maybe, excused=maybe)
