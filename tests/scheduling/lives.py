"""Whole protocols and whole lives, drawn: everything the language can say, and everything that can happen to people."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from app.scheduling.elements import ArmKey
from app.scheduling.local_time import Stay
from app.scheduling.mistakes import BrokenProtocol
from app.scheduling.parse import parse_protocol
from app.scheduling.participation import Facts, OccasionKey, Participation, Pause, Withdrawal
from app.scheduling.period import Period
from app.scheduling.protocol import Protocol
from app.scheduling.rounds import Place
from app.scheduling.timeline import Occasion, occasions
from tests.scheduling.builders import GRACE, HOUR, TICK, a_document, a_reminder, a_visit, days_near_changes, utc, zones

EVENTS = ("inclusion", "surgery", "cycle", "progression", "death")
ARMS = {"A": {"title": {"fr": "Bras A"}}, "B": {"title": {"fr": "Bras B"}}}
LONG_AGO, SOON = utc(1970, 1, 1), utc(2091, 1, 1)


def maybe(strategy: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    """Mostly not: most visits use few of the rules."""
    return st.one_of(st.just(otherwise), st.just(otherwise), strategy)


@st.composite
def rich_visits(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A visit of any kind. Windows are short where it repeats, so that they stay apart."""
    repeats, burst = draw(maybe(repetitions())), draw(maybe(st.builds(dict, times=st.integers(2, 8))))
    length = 0 if burst else draw(st.integers(0, 4))
    opens = 0 if burst else draw(st.integers(-2, 2))
    notify, due = draw(st.integers(opens, opens + length)), draw(st.integers(opens, opens + length))
    hours = sorted(draw(st.lists(st.integers(0, 23), min_size=3, max_size=3)))
    steps = draw(st.lists(st.integers(0, opens + length - notify), max_size=3, unique=True))
    changes: dict[str, Any] = {
        "event": draw(st.sampled_from(("inclusion", "inclusion", "surgery", "cycle"))),
        "offset": str(Period(months=draw(st.integers(0, 8)), days=draw(st.integers(2, 30)))),
        "opens": str(Period(days=opens)),
        "notify": str(Period(days=notify)),
        "due": str(Period(days=due)),
        "closes": str(Period(days=opens + length)),
        "opens_hour": hours[0],
        "notify_hour": hours[1],
        "due_hour": hours[2] + 1,
        "closes_hour": draw(st.sampled_from((24, hours[2] + 1))),
        "instruments": [f"visit-{number}@1.0"],
        "instruments_by_arm": draw(maybe(st.just({"B": [f"visit-{number}@1.0", f"more-{number}@1.0"]}), {})),
        "reminders": [
            a_reminder(f"step-{place}", "reminder", f"P{after}D")
            for place, after in enumerate(steps)
            if after < opens + length - notify or hours[1] < hours[2] + 1
        ],
        "sending": draw(maybe(sendings(), {})),
        "stops_at": draw(maybe(st.just(["progression"]), [])),
        "in_pause": draw(maybe(st.just("asked"), "not-asked")),
        "late_answers": draw(st.sampled_from(("labelled", "labelled", "taken"))),
        "expiry": draw(maybe(expiries(), {})),
        "only_if": draw(conditions(number)),
    }
    return a_visit(
        f"visit-{number}", **changes, **({"repeats": repeats} if repeats else {}), **({"burst": burst} if burst else {})
    )


def repetitions() -> st.SearchStrategy[dict[str, Any]]:
    every = st.sampled_from(("P14D", "P3W", "P1M", "P3M", "P1Y"))
    end = st.sampled_from(
        (
            {"times": 3},
            {"times": 7},
            {"until": "P15M"},
            {"until_event": "progression"},
            {"times": 5, "until_event": "progression"},
        )
    )
    return st.builds(lambda period, ends: {"every": period, **ends}, every, end)


def sendings() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(dict, quiet_from=st.integers(0, 23), quiet_until=st.integers(0, 23), weekends=st.booleans())


def expiries() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(dict, never_opened_hours=st.sampled_from((0, 5, 48)), started_hours=st.sampled_from((1, 24, 72)))


@st.composite
def conditions(draw: st.DrawFn, number: int) -> dict[str, Any]:
    arms = draw(maybe(st.just(["B"]), []))
    threshold = {"visit": "visit-0", "instrument": "visit-0@1.0", "scale": "fatigue", "at_least": 40.0}
    scores = [threshold] if number and draw(st.booleans()) and draw(st.booleans()) else []
    return {"arms": arms, "scores": scores}


@st.composite
def rich_protocols(draw: st.DrawFn) -> Protocol:
    """One to three visits of any kind; a condition that turns out to look ahead is left out."""
    visits = [draw(rich_visits(number)) for number in range(draw(st.integers(1, 3)))]
    visits[0]["only_if"] = {}
    document = a_document(*visits, arms=ARMS)
    try:
        return parse_protocol(document)
    except BrokenProtocol as broken:
        assert {mistake.code for mistake in broken.mistakes} <= {"condition-on-later", "unreachable"}
        for visit in visits:
            visit["only_if"] = {}
        return parse_protocol(document)


@st.composite
def rich_people(draw: st.DrawFn, protocol: Protocol) -> Participation:
    """Somebody with a history: moves, pauses, events late or never, an arm, and facts on any occasion."""
    zone = draw(zones)
    day = st.dates(date(1985, 1, 1), date(2034, 12, 31)) | days_near_changes(zone)
    inclusion = draw(day)
    later = st.integers(0, 500).map(lambda number: inclusion + timedelta(days=number))
    events: dict[str, dict[int, date]] = {"inclusion": {1: inclusion}} if draw(st.integers(0, 9)) else {}
    for key in draw(st.sets(st.sampled_from(EVENTS[1:]))):
        events[key] = {number: draw(later) for number in range(1, draw(st.integers(1, 3)) + 1 if key == "cycle" else 2)}
    person = Participation(
        events=events,
        stays=(Stay(zone), *(Stay(draw(zones), at) for at in sorted(draw(st.sets(around(inclusion), max_size=1))))),
        arm=draw(st.sampled_from((None, ArmKey("A"), ArmKey("B")))),
        pauses=draw(
            maybe(
                st.builds(
                    lambda at, days: (Pause(at, at + timedelta(days=days)),), around(inclusion), st.integers(1, 60)
                ),
                (),
            )
        ),
    )
    facts = {key: draw(some_facts(inclusion)) for key in draw(st.lists(keys(protocol), max_size=3))}
    scores = {key: {(f"{key[0]}@1.0", "fatigue"): draw(st.sampled_from((None, 10.0, 40.0, 90.0)))} for key in facts}
    acts = draw(maybe(st.dictionaries(st.sampled_from(Withdrawal), around(inclusion), max_size=2), {}))
    return Participation(person.events, person.stays, person.arm, person.pauses, acts, facts, scores)


def rests(inclusion: date) -> st.SearchStrategy[tuple[Pause, ...]]:
    return st.builds(lambda at, days: (Pause(at, at + timedelta(days=days)),), around(inclusion), st.integers(1, 60))


def around(inclusion: date) -> st.SearchStrategy[datetime]:
    """A quarter of an hour in the two years after."""
    first = utc(inclusion.year, inclusion.month, inclusion.day)
    return st.integers(0, 4 * 24 * 700).map(lambda number: first + number * HOUR / 4)


def keys(protocol: Protocol) -> st.SearchStrategy[OccasionKey]:
    """A place that may or may not belong to the protocol."""
    places = st.builds(Place, st.integers(1, 3), st.integers(1, 8), st.integers(1, 8))
    first = st.just(Place(1, 1, 1))
    return st.tuples(
        st.sampled_from([visit.key for visit in protocol.visits]), (first | places).map(lambda place: place.iteration)
    )


def some_facts(inclusion: date) -> st.SearchStrategy[Facts]:
    at = maybe(around(inclusion))
    return st.builds(
        Facts, made_available=at, opened=at, started=at, submitted=at, excused=maybe(at), declined=maybe(at)
    )


def edges(occasion: Occasion) -> list[datetime]:
    """Instants that matter to an occasion, and their neighbours."""
    exact = [occasion.opens, occasion.notify, occasion.due, occasion.closes, occasion.closes + GRACE]
    exact += [moment for pause in occasion.pauses for moment in (pause.since, pause.until) if moment is not None]
    exact += [occasion.stops] if occasion.stops is not None else []
    return [moment + shift for moment in exact for shift in (-TICK, 0 * TICK, TICK)]


def some_time(protocol: Protocol, person: Participation) -> st.SearchStrategy[datetime]:
    """An instant that matters, or any."""
    found = occasions(protocol, person, LONG_AGO)
    matter = [edge for one in found[:20] for edge in edges(one)]
    return st.sampled_from(matter) if matter else st.just(utc(2026, 1, 1))
