"""Protocol and dated events -> occasions: which visits one participant has, and at which instants. Nothing is stored.

Days become instants in the participant's time zone: a window starts at local midnight and ends at the next one, so that
it holds whole local days, however long the clocks make them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.scheduling.elements import InstrumentKey, VisitKey
from app.scheduling.period import ONE_DAY, Period, add
from app.scheduling.protocol import Protocol, Visit

OccasionKey = tuple[VisitKey, int]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One visit of one participant at one iteration (the first is 1), with its four instants in UTC.

    Windows are half-open: it can be answered from ``opens`` on and until just before ``closes``; what happens at
    ``due`` is late. ``key`` is its identity and stays the same when dates, zones or windows change.
    """

    visit_key: VisitKey
    iteration: int
    anchor: date
    opens: datetime
    notify: datetime
    due: datetime
    closes: datetime
    instruments: tuple[InstrumentKey, ...]
    zone: ZoneInfo

    @property
    def key(self) -> OccasionKey:
        """Visit key and iteration: under this name the facts of an occasion are kept."""
        return self.visit_key, self.iteration


def occasions(protocol: Protocol, events: Mapping[str, date], zone: ZoneInfo) -> tuple[Occasion, ...]:
    """The occasions of a participant, by opening, then closing, then the protocol's order.

    ``events`` holds the day of each event that has one; a visit whose event has no day yields no occasion.
    """
    found = [
        _occasion(visit, add(events[visit.event], visit.offset), zone)
        for visit in protocol.visits
        if visit.event in events
    ]
    return tuple(sorted(found, key=lambda occasion: (occasion.opens, occasion.closes)))


def _occasion(visit: Visit, anchor: date, zone: ZoneInfo) -> Occasion:
    def end_of(period: Period) -> datetime:
        return instant(add(add(anchor, period), ONE_DAY), 0, zone)

    return Occasion(
        visit_key=visit.key,
        iteration=1,
        anchor=anchor,
        opens=instant(add(anchor, visit.opens), 0, zone),
        notify=instant(add(anchor, visit.notify), visit.notify_hour, zone),
        due=end_of(visit.due),
        closes=end_of(visit.closes),
        instruments=visit.instruments,
        zone=zone,
    )


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in ``zone`` first show that hour of that day.

    An hour that clocks jump over becomes the next minute that they show; of an hour shown twice, the first one counts.
    """
    wall = datetime.combine(day, time(hour), zone)  # fold=0: the first of two
    moment = wall.astimezone(UTC)
    while moment.astimezone(zone) != wall:  # within one zone Python compares what the clocks show
        wall += _MINUTE
        moment = wall.astimezone(UTC)
    return moment
