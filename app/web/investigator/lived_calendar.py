"""The calendar that a participant would live through: the real timeline with made-up dates, month by month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.i18n import HOUSE_ZONE
from app.scheduling import ladder, timeline
from app.scheduling.elements import ArmKey
from app.scheduling.participation import participation
from app.scheduling.protocol import Protocol
from app.scheduling.timeline import Occasion, Verdict
from app.web.request import current

MOST = 2000
"""Occasions that are shown; a protocol of ten years of daily questions would fill the page otherwise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit opens or closes, or a message is sent; ``what`` is "opens", "closes" or the message's kind."""

    at: datetime
    what: str
    visit: str
    titles: Mapping[str, str]
    minutes: int


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month with what happens in it: minutes of questionnaires that open, and messages."""

    first: date
    entries: tuple[Entry, ...]

    @property
    def minutes(self) -> int:
        """How long all questionnaires that open in it take, by what their definitions say."""
        return sum(entry.minutes for entry in self.entries)

    @property
    def messages(self) -> int:
        """How many messages go out, if nothing is answered."""
        return sum(entry.what not in ("opens", "closes") for entry in self.entries)


def planned(protocol: Protocol, events: Mapping[str, date], arm: str | None) -> tuple[Occasion, ...]:
    """The occasions of somebody with these dates, in that group, in the house's time zone; at most ``MOST``."""
    person = participation(events, HOUSE_ZONE, ArmKey(arm) if arm else None)
    found = timeline.occasions(protocol, person, current.at)
    other = (Verdict.OTHER_ARM,) if arm else ()
    return tuple(one for one in found if one.verdict not in other)[:MOST]


def months(occasions: Iterable[Occasion], zone: ZoneInfo = HOUSE_ZONE) -> tuple[Month, ...]:
    """Every month in which something happens, with it, in order."""
    entries = sorted((one for occasion in occasions for one in _entries(occasion)), key=lambda one: one.at)
    by_month: dict[date, list[Entry]] = {}
    for entry in entries:
        by_month.setdefault(entry.at.astimezone(zone).date().replace(day=1), []).append(entry)
    return tuple(Month(first, tuple(found)) for first, found in by_month.items())


def minutes_of(instruments: Iterable[str]) -> int:
    """How long some questionnaires take together; what is not in the library counts for nothing."""
    library = current.library
    return sum(library.instrument(key).minutes for key in instruments if key in library.installed)


def _entries(occasion: Occasion) -> Iterable[Entry]:
    visit = occasion.visit
    yield Entry(occasion.opens, "opens", visit.key, visit.title, minutes_of(occasion.instruments))
    for step in ladder.ladder(occasion):
        yield Entry(step.at, step.reminder.kind, visit.key, visit.title, 0)
    yield Entry(occasion.closes - timedelta(seconds=1), "closes", visit.key, visit.title, 0)
