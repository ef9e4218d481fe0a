"""Who answers which visit and when, who forgets one, who leaves: decided beforehand, from the seed and the protocol."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from app.demo.cast import ZONE, Character, Part
from app.demo.design import MONTHS
from app.scheduling.participation import participation
from app.scheduling.protocol import Protocol
from app.scheduling.timeline import Occasion, occasions

FORGETS_AGAIN = 0.35
# How many do it, and when: as shares of the time between the announcement and the day it is due. Few are late.
DELAYS = ((0.6, 0.0, 0.2), (0.25, 0.2, 0.6), (0.11, 0.6, 0.9), (0.04, 1.1, 1.7))


@dataclass(frozen=True, slots=True)
class Answering:
    """One visit that is going to be answered: when it is begun, and whether it is left in the middle."""

    visit: str
    at: datetime
    stops_half_way: bool = False


def leaves_at(who: Character) -> datetime | None:
    """When somebody leaves the study, if ever: between two visits."""
    if who.part is not Part.LEAVES:
        return None
    return who.enrolled_at + timedelta(days=120 + 35 * (who.number % 5), hours=3)


def answerings(who: Character, protocol: Protocol, at: datetime, seed: int) -> Iterator[Answering]:
    """What the person answers until ``at``, in order."""
    random = np.random.default_rng((seed, 1, who.number))
    forgot = False
    for occasion in occasions(protocol, participation({protocol.visits[0].event: who.inclusion}, ZONE), at):
        begun = _begins(who, occasion, random)
        frequency = FORGETS_AGAIN if forgot else 1 - who.reliability
        forgot = random.random() < frequency + 0.01 * list(MONTHS).index(occasion.visit_key)
        is_open_now = occasion.notify <= at < occasion.closes
        if is_open_now and who.part is Part.MIDWAY:
            yield Answering(occasion.visit_key, at - timedelta(hours=13, minutes=7 * who.number), stops_half_way=True)
        elif is_open_now and who.part in (Part.ALICE, Part.LATE):
            continue
        elif begun < at - timedelta(hours=1) and (who.part is Part.ALICE or not forgot):
            yield Answering(occasion.visit_key, begun)


def _begins(who: Character, occasion: Occasion, random: np.random.Generator) -> datetime:
    """Some time after the announcement, in the day or the evening, before it closes."""
    choice = int(random.choice(len(DELAYS), p=[share for share, _from, _to in DELAYS]))
    _share, shortest, longest = DELAYS[choice]
    delay, hour = random.uniform(shortest, longest), random.uniform(10, 21.5)
    announced = max(occasion.notify, who.enrolled_at)
    latest = occasion.closes - timedelta(days=2)
    day = min(announced + delay * (occasion.due - announced), latest).astimezone(ZONE)
    begun = day.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)
    # Whoever enters after the morning's messages is written to in the evening.
    told = announced + timedelta(hours=9 if who.enrolled_at > occasion.notify else 1)
    return begun if begun > told else begun + timedelta(days=1)
