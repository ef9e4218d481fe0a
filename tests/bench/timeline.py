"""How fast the timeline is made, beside the fewest calls of the calendar that give the same four instants."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from app.scheduling.participation import Participation, participation
from app.scheduling.protocol import Protocol
from app.scheduling.status import state
from app.scheduling.timeline import occasions
from tests.scheduling.builders import a_protocol, a_visit

PEOPLE, PAIRS = 500, 5
AT = datetime(2027, 1, 1, tzinfo=UTC)
WANTED = 20_000
ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "Pacific/Noumea")]


def main() -> None:
    """Twenty-four visits of 500 people with a date each; a core makes at least 20,000 occasions a second."""
    plain = a_protocol(*(a_visit(f"M{months}", offset=f"P{months}M") for months in range(0, 48, 2)))
    diary = a_protocol(
        a_visit(
            "diary",
            offset="P1M",
            **dict.fromkeys(("opens", "notify", "due", "closes"), "P0D"),
            reminders=[],
            repeats={"every": "P1M", "times": 4},
            burst={"times": 7},
        )
    )
    people = [participation({"inclusion": _day(number)}, ZONES[number % len(ZONES)]) for number in range(PEOPLE)]
    for name, protocol in (("24 visits", plain), ("4 bursts of 7 evenings", diary)):
        _measure(name, protocol, people)


def _day(number: int) -> date:
    return date(2024, 1, 1) + timedelta(days=number * 3 % 1100)


def _measure(name: str, protocol: Protocol, people: list[Participation]) -> None:
    ours, floor, count = [], [], sum(len(occasions(protocol, one, AT)) for one in people)
    for _pair in range(PAIRS):  # in turns, so that whatever else the machine does meets both
        ours.append(_processor_seconds(lambda: [occasions(protocol, one, AT) for one in people]))
        floor.append(_processor_seconds(lambda: _floor(people, count // len(people))))
    found = [one for person in people for one in occasions(protocol, person, AT)]
    states = _processor_seconds(lambda: [state(one, people[0].facts_of(one.key), None, AT) for one in found])
    rate = count / median(ours)
    print(
        f"Timeline, {name}, {len(people)} people: {rate:,.0f} occasions a second of one core (wanted {WANTED:,}),"
        f" {median(ours) / median(floor):.1f} times four bare instants; states {count / states:,.0f} a second"
    )


def _floor(people: list[Participation], each: int) -> None:
    """Four instants an occasion, each one addition of days and one conversion."""
    for person in people:
        zone, day = person.stays[0].zone, person.events["inclusion"][1]
        for number in range(each):
            for hour in (0, 9, 0, 0):
                on = day + timedelta(days=30 * number + hour)
                datetime(on.year, on.month, on.day, hour, tzinfo=zone).astimezone(UTC)


def _processor_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
