"""Whole protocols and whole lives: everything the language can say, and everything that can happen to people.

They are put together by picks. Hypothesis makes the picks where a failure should shrink to the smallest one; a seed
makes them where a hundred thousand are wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from typing import Protocol as Shape
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.scheduling.elements import ArmKey
from app.scheduling.local_time import Stay
from app.scheduling.mistakes import BrokenProtocol
from app.scheduling.parse import parse_protocol
from app.scheduling.participation import Facts, OccasionKey, Participation, Pause, Withdrawal
from app.scheduling.period import Period
from app.scheduling.protocol import Protocol
from app.scheduling.rounds import Place, anchor
from app.scheduling.timeline import Occasion, occasions
from tests.scheduling.builders import (
    GRACE,
    HOUR,
    TICK,
    ZONES,
    a_document,
    a_reminder,
    a_visit,
    change_days,
    utc,
)

ARMS = {"A": {"title": {"fr": "Bras A"}}, "B": {"title": {"fr": "Bras B"}}}
LONG_AGO = utc(1970, 1, 1)
NUMBERS = ("made_available", "opened", "started", "submitted", "excused", "declined")
EVERY = ("P14D", "P3W", "P1M", "P3M", "P1Y")
ENDS: tuple[dict[str, Any], ...] = (
    {"times": 3},
    {"times": 7},
    {"until": "P12M"},
    {"until_event": "progression", "until": "P1Y"},
    {"times": 5, "until_event": "progression"},
    {"until_event": "progression"},
)
T = TypeVar("T")


class Pick(Shape):
    """Somebody who chooses."""

    def number(self, low: int, high: int) -> int: ...

    def one_of(self, options: Sequence[T]) -> T: ...


@dataclass(frozen=True)
class Drawn:
    """By Hypothesis."""

    draw: st.DrawFn

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def one_of(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))


@dataclass(frozen=True)
class Dealt:
    """By a seed."""

    random: Random

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def one_of(self, options: Sequence[T]) -> T:
        return self.random.choice(options)


def seldom(pick: Pick) -> bool:
    """Most visits use few of the rules."""
    return pick.number(0, 2) == 2


def a_rich_protocol(pick: Pick) -> Protocol:
    """One to three visits of any kind; a condition that turns out to look ahead is left out."""
    visits = [a_rich_visit(pick, number) for number in range(pick.number(1, 3))]
    try:
        return parse_protocol(a_document(*visits, arms=ARMS))
    except BrokenProtocol as broken:
        if strange := {mistake.code for mistake in broken.mistakes} - {"condition-on-later", "unreachable"}:
            raise AssertionError(strange) from broken
        return parse_protocol(a_document(*(visit | {"only_if": {}} for visit in visits), arms=ARMS))


def a_rich_visit(pick: Pick, number: int) -> dict[str, Any]:
    """A visit of any kind. Windows are short, so that they stay apart where it repeats."""
    rules: dict[str, Any] = {}
    if seldom(pick):
        rules["repeats"] = {"every": pick.one_of(EVERY), **pick.one_of(ENDS)}
    if seldom(pick):
        rules["burst"] = {"times": pick.number(2, 8)}
    if seldom(pick):
        rules["instruments_by_arm"] = {"B": [f"visit-{number}@1.0", f"more-{number}@1.0"]}
    if seldom(pick):
        quiet = {"quiet_from": pick.number(0, 23), "quiet_until": pick.number(0, 23)}
        rules["sending"] = quiet | {"weekends": bool(pick.number(0, 1))}
    if seldom(pick):
        rules["stops_at"] = ["progression"]
    if seldom(pick):
        rules["in_pause"] = "asked"
    if seldom(pick):
        rules["late_answers"] = pick.one_of(("taken", "refused"))
    if seldom(pick):
        hours = {"never_opened_hours": pick.one_of((0, 5, 48)), "started_hours": pick.one_of((1, 24, 72))}
        rules["expiry"] = hours
    rules["only_if"] = {"arms": ["B"] if seldom(pick) else []}
    if number and seldom(pick):
        threshold = {"visit": "visit-0", "instrument": "visit-0@1.0", "scale": "fatigue", "at_least": 40.0}
        rules["only_if"]["scores"] = [threshold]
    return a_visit(f"visit-{number}", **a_window(pick, "burst" in rules, rules.get("late_answers")), **rules) | {
        "event": pick.one_of(("inclusion", "inclusion", "surgery", "cycle")),
        "offset": str(Period(months=pick.number(0, 8), days=pick.number(2, 30))),
        "instruments": [f"visit-{number}@1.0"],
    }


def a_window(pick: Pick, is_one_day: bool, late: str | None) -> dict[str, Any]:
    """Four instants in order, and reminders between the announcement and the end."""
    length, opens = (0, 0) if is_one_day else (pick.number(0, 4), pick.number(-2, 2))
    notify, due = pick.number(opens, opens + length), pick.number(opens, opens + length)
    hours = sorted(pick.number(0, 23) for _ in range(3))
    last = min(due, opens + length) if late == "refused" else opens + length
    steps = sorted({pick.number(0, max(0, last - notify)) for _ in range(pick.number(0, 3))})
    return {
        "opens": str(Period(days=opens)),
        "notify": str(Period(days=notify)),
        "due": str(Period(days=due)),
        "closes": str(Period(days=opens + length)),
        "opens_hour": hours[0],
        "notify_hour": hours[1],
        "due_hour": hours[2] + 1,
        "closes_hour": pick.one_of((24, hours[2] + 1)),
        "reminders": [
            a_reminder(f"step-{place}", "reminder", f"P{after}D")
            for place, after in enumerate(steps)
            if notify + after <= last
        ],
    }


def a_rich_person(pick: Pick, protocol: Protocol) -> Participation:
    """Somebody with a history: moves, pauses, events late or never, an arm, and facts on any occasion."""
    zone = ZoneInfo(pick.one_of(ZONES))
    inclusion = a_day(pick, zone)
    events: dict[str, dict[int, date]] = {"inclusion": {1: inclusion}} if pick.number(0, 9) else {}
    for key in ("surgery", "cycle", "progression", "death"):
        if pick.number(0, 1):
            numbers = range(1, (pick.number(1, 3) if key == "cycle" else 1) + 1)
            events[key] = {number: inclusion + timedelta(days=pick.number(0, 500)) for number in numbers}
    if "progression" in events and pick.number(0, 1):
        events["progression"] = {1: a_day_of_a_round(pick, protocol, inclusion)}
    moves = [Stay(ZoneInfo(pick.one_of(ZONES)), after(pick, inclusion))] if seldom(pick) else []
    rest = after(pick, inclusion)
    facts = {a_key(pick, protocol): some_facts(pick, inclusion) for _ in range(pick.number(0, 3))}
    return Participation(
        events=events,
        stays=(Stay(zone), *moves),
        arm=pick.one_of((None, ArmKey("A"), ArmKey("B"))),
        pauses=(Pause(rest, rest + timedelta(days=pick.number(1, 60))),) if seldom(pick) else (),
        withdrawals={pick.one_of(tuple(Withdrawal)): after(pick, inclusion)} if seldom(pick) else {},
        facts=facts,
        scores={key: {(f"{key[0]}@1.0", "fatigue"): pick.one_of((None, 10.0, 40.0, 90.0))} for key in facts},
    )


def a_day(pick: Pick, zone: ZoneInfo) -> date:
    """Any day, or one on which clocks change, or its neighbour."""
    changes = change_days(zone, pick.number(1985, 2034)) if pick.number(0, 1) else ()
    if changes:
        return pick.one_of(changes) + timedelta(days=pick.number(-1, 1))
    return date(1985, 1, 1) + timedelta(days=pick.number(0, 18_000))


def a_day_of_a_round(pick: Pick, protocol: Protocol, inclusion: date) -> date:
    """The very day of one of the times of a visit that hangs on inclusion."""
    return anchor(pick.one_of(protocol.visits), inclusion, Place(1, pick.number(1, 5), 1))


def after(pick: Pick, inclusion: date) -> datetime:
    """A quarter of an hour in the two years after."""
    return utc(inclusion.year, inclusion.month, inclusion.day) + pick.number(0, 4 * 24 * 700) * HOUR / 4


def a_key(pick: Pick, protocol: Protocol) -> OccasionKey:
    """A place that may or may not belong to the protocol."""
    place = Place(1, 1, 1) if pick.number(0, 1) else Place(pick.number(1, 3), pick.number(1, 8), pick.number(1, 8))
    return pick.one_of(protocol.visits).key, place.iteration


def some_facts(pick: Pick, inclusion: date) -> Facts:
    """A few things that happened."""
    return Facts(**{name: after(pick, inclusion) for name in NUMBERS if seldom(pick)})


def edges(occasion: Occasion) -> list[datetime]:
    """Instants that matter to an occasion, and their neighbours."""
    exact = [occasion.opens, occasion.notify, occasion.due, occasion.closes, occasion.closes + GRACE]
    exact += [moment for pause in occasion.pauses for moment in (pause.since, pause.until) if moment is not None]
    exact += [occasion.stops] if occasion.stops is not None else []
    return [moment + shift for moment in exact for shift in (-TICK, 0 * TICK, TICK)]


def a_time(pick: Pick, protocol: Protocol, person: Participation) -> datetime:
    """An instant that matters, or any."""
    found = occasions(protocol, person, LONG_AGO)
    return pick.one_of(edges(pick.one_of(found[:20]))) if found else utc(2026, 1, 1)


@st.composite
def rich_protocols(draw: st.DrawFn) -> Protocol:
    return a_rich_protocol(Drawn(draw))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Protocol, Participation, datetime]:
    """A protocol, somebody, and an instant."""
    pick = Drawn(draw)
    protocol = a_rich_protocol(pick)
    person = a_rich_person(pick, protocol)
    return protocol, person, a_time(pick, protocol, person)
