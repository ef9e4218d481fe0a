"""People made up from a seed, for trying a protocol out: each has something that real schedules stumble over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from app.scheduling.elements import ArmKey
from app.scheduling.local_time import Stay
from app.scheduling.participation import Participation, Pause, Withdrawal
from app.scheduling.protocol import Protocol

ZONES = ("Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "Europe/Lisbon", "America/Montreal", "Pacific/Noumea")


class Trait(StrEnum):
    """What somebody's course tries out."""

    ORDINARY = "ordinary"
    LATE = "included late"
    FORGETS = "misses visits"
    CLOCKS = "clocks change"
    LEAP_DAY = "29 February"
    MOVES = "moves away"
    RESTS = "pauses"
    SILENT = "no more messages"
    LEAVES = "withdraws"
    DIES = "dies"
    CORRECTED = "date corrected"


TRAITS = tuple(Trait)


@dataclass(frozen=True, slots=True)
class Happening:
    """From ``at`` on this is what is known of a synthetic person, besides what happened on visits."""

    at: datetime
    known: Participation


@dataclass(frozen=True, slots=True)
class Character:
    """A synthetic person: what becomes known and when, and how reliably visits are answered (0 to 1)."""

    number: int
    trait: Trait
    zone: ZoneInfo
    reliability: float
    happenings: tuple[Happening, ...]


def cast(protocol: Protocol, number: int, seed: int, start: date) -> tuple[Character, ...]:
    """So many people included within a year from ``start``; the same seed makes the same people."""
    return tuple(_character(protocol, one, start, Random(f"{seed}/{one}")) for one in range(number))  # noqa: S311 -- no secret


def _character(protocol: Protocol, number: int, start: date, random: Random) -> Character:
    trait = TRAITS[number % len(TRAITS)]
    zone = ZoneInfo(ZONES[0] if trait is Trait.CLOCKS else random.choice(ZONES))
    arms = list(protocol.arms)
    inclusion = _inclusion(trait, start, random)
    enrolled = _noon(inclusion, zone) + timedelta(days=random.randint(20, 60) if trait is Trait.LATE else 0)
    first = Participation(
        events={_first_event(protocol): {1: inclusion}},
        stays=(Stay(zone),),
        arm=ArmKey(arms[number % len(arms)]) if arms else None,
    )
    happenings = [Happening(enrolled, first)]
    for happening in _later(protocol, trait, inclusion, enrolled, first, random):
        happenings.append(happening)
    return Character(number + 1, trait, zone, 0.5 if trait is Trait.FORGETS else 0.92, tuple(happenings))


def _inclusion(trait: Trait, start: date, random: Random) -> date:
    if trait is Trait.LEAP_DAY:
        return date(start.year + -start.year % 4, 2, 29)
    if trait is Trait.CLOCKS:
        return max(day for day in (date(start.year + 1, 3, number) for number in range(25, 32)) if day.weekday() == 6)
    return start + timedelta(days=random.randint(0, 360))


def _first_event(protocol: Protocol) -> str:
    """The event with which people enter the study."""
    return next(
        (key for key, event in protocol.events.items() if event.kind == "inclusion"), next(iter(protocol.events))
    )


def _later(
    protocol: Protocol, trait: Trait, inclusion: date, enrolled: datetime, known: Participation, random: Random
) -> Iterator[Happening]:
    """What becomes known afterwards, in the order of time."""
    facts: list[tuple[datetime, str, object]] = list(_events(protocol, trait, inclusion, enrolled, known, random))
    some_day = enrolled + timedelta(days=random.randint(40, 300), hours=3)
    facts += [(some_day, what, None) for what in (trait.name,)]
    for at, what, fact in sorted(facts, key=lambda one: one[0]):
        known = _with(known, at, what, fact)
        yield Happening(at, known)


def _events(
    protocol: Protocol, trait: Trait, inclusion: date, enrolled: datetime, known: Participation, random: Random
) -> Iterator[tuple[datetime, str, object]]:
    zone = known.stays[0].zone
    for key, event in protocol.events.items():
        if key in known.events:
            continue
        if event.is_ending or event.kind == "progression":
            if trait is not Trait.DIES:
                continue
            day = inclusion + timedelta(days=random.randint(200, 500))
        else:
            day = inclusion + timedelta(days=random.randint(5, 60))
        for number in range(1, random.randint(3, 6) if event.repeatable else 2):
            yield max(enrolled, _noon(day, zone) + timedelta(days=random.randint(0, 4))), "event", (key, number, day)
            day += timedelta(days=21)
    if trait is Trait.CORRECTED:
        corrected = inclusion + timedelta(days=random.choice((-10, -3, 4, 9)))
        yield enrolled + timedelta(days=30), "event", (_first_event(protocol), 1, corrected)


def _with(known: Participation, at: datetime, what: str, fact: object) -> Participation:
    """The same person after one more fact; a trait that brings none leaves everything as it is."""
    if isinstance(fact, tuple):
        key, number, day = fact
        return replace(known, events={**known.events, key: {**known.events.get(key, {}), number: day}})
    if what == Trait.MOVES.name:
        return replace(known, stays=(*known.stays, Stay(ZoneInfo("Pacific/Auckland"), at)))
    if what == Trait.RESTS.name:
        return replace(known, pauses=(Pause(at, at + timedelta(days=75)),))
    acts = {Trait.LEAVES.name: Withdrawal.FROM_FOLLOW_UP, Trait.SILENT.name: Withdrawal.FROM_CONTACT}
    return replace(known, withdrawals={acts[what]: at}) if what in acts else known


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone).astimezone(UTC)
