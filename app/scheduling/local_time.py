"""Days and hours as clocks show them -> instants, where a participant lives and has lived. No clock is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A participant lives by the clocks of ``zone`` from ``since`` (UTC) on; None: from the beginning."""

    zone: ZoneInfo
    since: datetime | None = None


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in ``zone`` first show that hour (0 to 24) of that day.

    An hour that clocks jump over becomes the next minute that they show; of an hour shown twice, the first one counts.
    """
    wall = datetime.combine(day, time(hour), zone) if hour < 24 else datetime.combine(day + _DAY, time(0), zone)
    moment = wall.astimezone(UTC)  # fold=0: the first of two
    while moment.astimezone(zone) != wall:  # within one zone Python compares what the clocks show
        wall += _MINUTE
        moment = wall.astimezone(UTC)
    return moment


def instant_among(day: date, hour: int, stays: Sequence[Stay]) -> datetime:
    """The same for somebody who moves: the first instant at which the clocks around that person show it or later.

    A move is a change of clocks like any other: an hour it jumps over becomes the moment of the move, and one that is
    lived through twice counts once. ``stays`` are in the order of time, the first without a beginning.
    """
    if len(stays) == 1:
        return instant(day, hour, stays[0].zone)
    found = instant(day, hour, stays[-1].zone)
    for stay, following in zip(stays, [*stays[1:], None], strict=True):
        found = instant(day, hour, stay.zone)
        if stay.since is not None and found < stay.since:
            found = _not_before(stay.since, found, stay.zone)
        if following is None or following.since is None or found < following.since:
            break
    return found


def zone_at(at: datetime, stays: Sequence[Stay]) -> ZoneInfo:
    """By which clocks the person lives at an instant."""
    return next(stay.zone for stay in reversed(stays) if stay.since is None or stay.since <= at)


def _not_before(since: datetime, shown: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of a stay at which its clocks show at least what they showed at ``shown``, before it began.

    That is its beginning, unless the clocks went back in between and show it again.
    """
    wall = shown.astimezone(zone).replace(tzinfo=None)
    if since.astimezone(zone).replace(tzinfo=None) >= wall:
        return since
    return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
