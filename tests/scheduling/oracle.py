"""The schedule once more, slow and obvious: counting on fingers, watching a clock, living through it all."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.scheduling.participation import Facts
from app.scheduling.period import Period
from app.scheduling.protocol import Visit
from app.scheduling.status import State
from app.scheduling.timeline import Occasion

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def day_after(on: date, period: Period) -> date:
    """Turn the calendar's pages one by one, come back from a 31st that is not there, then count single days."""
    year, month = on.year, on.month
    number = 12 * period.years + period.months
    for _ in range(abs(number)):
        month += 1 if number > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    day = on.day
    while not exists(year, month, day):
        day -= 1
    found = date(year, month, day)
    for _ in range(abs(period.days)):
        found += DAY if period.days > 0 else -DAY
    return found


def exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def clock_face(zone: ZoneInfo, day: date) -> dict[datetime, datetime]:
    """Watch a clock for three days and note, for each minute it shows, the instant at which it showed it first."""
    face: dict[datetime, datetime] = {}
    instant = datetime.combine(day, time(0), UTC) - timedelta(hours=16)
    for _ in range(78 * 60):
        face.setdefault(instant.astimezone(zone).replace(tzinfo=None), instant)
        instant += MINUTE
    return face


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Look the minute up among those shown; while it was never shown, look for the next one."""
    face, shown = clock_face(zone, day), datetime.combine(day, time(hour))
    while shown not in face:
        shown += MINUTE
    return face[shown]


def instants(visit: Visit, event: date, zone: ZoneInfo) -> tuple[datetime, datetime, datetime, datetime]:
    """Opens, notify, due, closes."""
    anchor = day_after(event, visit.offset)
    return (
        instant(day_after(anchor, visit.opens), 0, zone),
        instant(day_after(anchor, visit.notify), visit.notify_hour, zone),
        instant(day_after(anchor, visit.due) + DAY, 0, zone),
        instant(day_after(anchor, visit.closes) + DAY, 0, zone),
    )


def state(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> State:
    """Live through everything that happened up to ``at``, in order; at one instant the calendar moves first."""
    happenings = [
        (occasion.opens, 0, "opens"),
        (occasion.due, 1, "due"),
        (occasion.closes, 2, "closes"),
        (occasion.closes + timedelta(hours=24), 3, "grace ends"),
        (facts.opened, 4, "opened"),
        (facts.started, 4, "started"),
        (facts.submitted, 5, "submitted"),
        (facts.excused, 6, "excused"),
        (facts.declined, 6, "declined"),
        (withdrawn_at, 7, "withdrawn"),
    ]
    lived = State.NOT_YET
    so_far: set[str] = set()
    for moment, _, what in sorted(happening for happening in happenings if happening[0] is not None):
        if moment <= at:
            lived = live(lived, what, so_far)
            so_far.add(what)
    return lived


def live(now: State, what: str, so_far: set[str]) -> State:
    """The state after one more happening."""
    is_over = now in {
        State.SUBMITTED,
        State.SUBMITTED_LATE,
        State.EXCUSED,
        State.DECLINED,
        State.EXPIRED,
        State.WITHDRAWN,
    }
    match what:
        case "submitted":
            return State.SUBMITTED_LATE if "due" in so_far else State.SUBMITTED
        case "excused" if now not in {State.SUBMITTED, State.SUBMITTED_LATE}:
            return State.EXCUSED
        case "declined" if now not in {State.SUBMITTED, State.SUBMITTED_LATE, State.EXCUSED}:
            return State.DECLINED
        case "withdrawn" if not is_over:
            return State.WITHDRAWN
        case "opens" if not is_over:
            return State.STARTED if "started" in so_far else State.OPEN
        case "started" if now is State.OPEN:
            return State.STARTED
        case "due" if not is_over:
            return State.OVERDUE
        case "closes" if not is_over and so_far.isdisjoint({"opened", "started"}):
            return State.EXPIRED
        case "grace ends" if not is_over:
            return State.EXPIRED
    return now
