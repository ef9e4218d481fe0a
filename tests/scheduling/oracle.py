"""The schedule once more, slow and obvious: counting on fingers, watching a clock, living through it all."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.scheduling.local_time import Stay
from app.scheduling.participation import Facts, Participation
from app.scheduling.period import Period
from app.scheduling.protocol import Protocol, Visit
from app.scheduling.rules import Threshold
from app.scheduling.status import State
from app.scheduling.timeline import Occasion, Verdict

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LAST_TOUCHED = 9  # lives.py touches no later round
DAY = timedelta(days=1)


def day_after(on: date, *periods: Period) -> date:
    """Turn the calendar's pages one by one, come back from a 31st that is not there, then count single days."""
    year, month = on.year, on.month
    number, days = sum(12 * one.years + one.months for one in periods), sum(one.days for one in periods)
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
    for _ in range(abs(days)):
        found += DAY if days > 0 else -DAY
    return found


def exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def shown(at: datetime, stays: Sequence[Stay]) -> datetime:
    """What the clock on the wall shows, wherever the person is just then."""
    wall = stays[0].zone
    for stay in stays:
        if stay.since is not None and stay.since <= at:
            wall = stay.zone
    return at.astimezone(wall).replace(tzinfo=None)


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The same for somebody who stays where they are."""
    return instant_among(day, hour, (Stay(zone),))


def instant_among(day: date, hour: int, stays: Sequence[Stay]) -> datetime:
    """Watch the clock from three days before, by quarters, then by minutes, until it shows that time or later."""
    wanted = datetime.combine(day, time(0)) + hour * HOUR
    behind = calm(day, tuple(stays))
    if behind is not None:
        return wanted.replace(tzinfo=UTC) - behind
    watched = datetime.combine(day, time(0), UTC) - 3 * DAY
    while shown(watched, stays) < wanted:
        watched += HOUR / 4
    watched -= HOUR / 4
    while shown(watched, stays) < wanted:
        watched += MINUTE
    return watched


@lru_cache(maxsize=100_000)
def calm(day: date, stays: tuple[Stay, ...]) -> timedelta | None:
    """How far clocks are ahead of UTC, if they neither change nor are left behind within three days of this one."""
    midnight = datetime.combine(day, time(0), UTC)
    moments = [midnight + number * HOUR for number in range(-72, 97, 6)]
    ahead = {shown(moment, stays) - moment.replace(tzinfo=None) for moment in moments}
    is_at_home = all(stay.since is None or not moments[0] <= stay.since <= moments[-1] for stay in stays)
    return ahead.pop() if len(ahead) == 1 and is_at_home else None


def instants(visit: Visit, event: date, zone: ZoneInfo) -> tuple[datetime, datetime, datetime, datetime]:
    """Opens, notify, due, closes of a visit that comes once."""
    return four(visit, day_after(event, visit.offset), (Stay(zone),))


def four(visit: Visit, anchor: date, stays: Sequence[Stay]) -> tuple[datetime, datetime, datetime, datetime]:
    """Opens, notify, due, closes."""
    return (
        instant_among(day_after(anchor, visit.opens), visit.opens_hour, stays),
        instant_among(day_after(anchor, visit.notify), visit.notify_hour, stays),
        instant_among(day_after(anchor, visit.due), visit.due_hour, stays),
        instant_among(day_after(anchor, visit.closes), visit.closes_hour, stays),
    )


class Seen(NamedTuple):
    """An occasion as the oracle sees it."""

    anchor: date
    instants: tuple[datetime, datetime, datetime, datetime]
    instruments: tuple[str, ...]
    verdict: Verdict
    stops: datetime | None


def occasions(protocol: Protocol, person: Participation, at: datetime) -> dict[tuple[str, int], Seen]:
    """Go through everything that might be asked, one after the other, and keep what is."""
    seen = {}
    for visit in protocol.visits:
        is_repeatable = protocol.events[visit.event].repeatable
        for number, event in person.events.get(visit.event, {}).items():
            if not is_repeatable and number > 1:
                continue
            for turn, moment, anchor in turns(visit, person, event, number, at):
                stays = person.stays
                iteration = int(f"{number - 1}{moment - 1:02}{turn:04}")
                seen[(visit.key, iteration)] = Seen(
                    anchor,
                    four(visit, anchor, stays),
                    tuple(visit.instruments_by_arm.get(person.arm or "", visit.instruments)),
                    verdict(protocol, visit, person, (number, turn, moment)),
                    stops(protocol, visit, person),
                )
    return seen


def turns(
    visit: Visit, person: Participation, event: date, number: int, at: datetime
) -> Iterator[tuple[int, int, date]]:
    """Round and moment with its anchor: those of the protocol, and those that are left over and were touched."""
    has_opened_later = False
    for turn in range(1, 10 if visit.repeats is None else 130):
        every = [] if visit.repeats is None else [visit.repeats.every] * (turn - 1)
        day = day_after(event, visit.offset, *every)
        if turn > LAST_TOUCHED and not is_in_protocol(visit, person, event, (turn, 1), day):
            return
        for moment in range(1, 12):
            anchor = day if visit.burst is None else day_after(day, *[visit.burst.every] * (moment - 1))
            is_asked = is_in_protocol(visit, person, event, (turn, moment), day) and not has_opened_later
            iteration = int(f"{number - 1}{moment - 1:02}{turn:04}")
            facts = person.facts.get((visit.key, iteration), Facts())
            was_touched = any((facts.opened, facts.started, facts.submitted))
            if is_asked or was_touched:
                yield turn, moment, anchor
            if is_asked and goes_on(visit, person) and four(visit, anchor, person.stays)[0] > at:
                has_opened_later = True


def goes_on(visit: Visit, person: Participation) -> bool:
    """Whether it repeats until something that has not happened."""
    until = visit.repeats.until_event if visit.repeats is not None else None
    return until is not None and not person.events.get(until)


def is_in_protocol(visit: Visit, person: Participation, event: date, at: tuple[int, int], day: date) -> bool:
    turn, moment = at
    if moment > (1 if visit.burst is None else visit.burst.times):
        return False
    if visit.repeats is None:
        return turn == 1
    if visit.repeats.times is not None and turn > visit.repeats.times:
        return False
    if visit.repeats.until is not None and day > day_after(event, visit.repeats.until):
        return False
    ended = person.events.get(visit.repeats.until_event or "", {}).values()
    return not ended or day < min(ended)


def verdict(protocol: Protocol, visit: Visit, person: Participation, at: tuple[int, int, int]) -> Verdict:
    number, turn, moment = at
    own = person.facts.get((visit.key, int(f"{number - 1}{moment - 1:02}{turn:04}")), Facts())
    if own.opened or own.started or own.submitted:
        return Verdict.ASKED
    if visit.only_if.arms and person.arm not in visit.only_if.arms:
        return Verdict.OTHER_ARM
    known = [meets(protocol, threshold, person, at) for threshold in visit.only_if.scores]
    if "no" in known:
        return Verdict.SCORE_NOT_MET
    return Verdict.UNDECIDED if "open" in known else Verdict.ASKED


def meets(protocol: Protocol, threshold: Threshold, person: Participation, at: tuple[int, int, int]) -> str:
    (earlier,) = [visit for visit in protocol.visits if visit.key == threshold.visit]
    number = at[0] if protocol.events[earlier.event].repeatable else 1
    turn = at[1] if earlier.repeats else 1
    moment = at[2] if earlier.burst else 1
    key = (earlier.key, int(f"{number - 1}{moment - 1:02}{turn:04}"))
    if person.facts.get(key, Facts()).submitted is None:
        return "open"
    score = person.scores.get(key, {}).get((threshold.instrument, threshold.scale))
    if score is None:
        return "no"
    if threshold.at_least is not None and score < threshold.at_least:
        return "no"
    return "no" if threshold.at_most is not None and score > threshold.at_most else "yes"


def stops(protocol: Protocol, visit: Visit, person: Participation) -> datetime | None:
    """The first midnight after which it is forbidden to ask."""
    days = [
        day
        for key, event in protocol.events.items()
        if event.kind == "death" or event.ending or key in visit.stops_at
        for day in person.events.get(key, {}).values()
    ]
    return instant_among(min(days), 0, person.stays) if days else None


def state(occasion: Occasion, facts: Facts, withdrawn_at: datetime | None, at: datetime) -> State:
    """Live through everything that happened up to ``at``, in order; at one instant the calendar moves first."""
    rules = occasion.visit.expiry
    closes = min(occasion.due, occasion.closes) if occasion.visit.late_answers == "refused" else occasion.closes
    touched = [moment for moment in (facts.opened, facts.started) if moment is not None]
    last_beginning = closes + rules.never_opened_hours * HOUR
    grace = max([last_beginning, *(max(closes, min(touched)) + rules.started_hours * HOUR for _ in touched[:1])])
    happenings = [
        (occasion.opens, 0, "opens"),
        (occasion.due, 1, "due"),
        (last_beginning, 2, "last beginning"),
        (grace, 3, "grace ends"),
        (facts.opened, 4, "touched"),
        (facts.started, 4, "started"),
        ((facts.answered or facts.submitted) if facts.submitted else None, 5, "answered"),
        (facts.submitted, 6, "submitted"),
        (facts.excused, 7, "excused"),
        (facts.declined, 7, "declined"),
        (occasion.stops, 8, "stops"),
        (withdrawn_at, 9, "withdrawn"),
    ]
    lived = State.NOT_YET
    so_far: set[str] = set()
    for moment, _, what in sorted(happening for happening in happenings if happening[0] is not None):
        if moment <= at or (what == "stops" and moment <= occasion.opens):
            lived = live(lived, what, so_far, occasion)
            so_far.add(what)
    return rest(lived, occasion, at, grace if touched and min(touched) < last_beginning else last_beginning)


OVER = {
    State.SUBMITTED,
    State.SUBMITTED_LATE,
    State.EXCUSED,
    State.DECLINED,
    State.EXPIRED,
    State.WITHDRAWN,
    State.NOT_APPLICABLE,
}


def live(now: State, what: str, so_far: set[str], occasion: Occasion) -> State:
    """The state after one more happening."""
    is_sent = now in {State.SUBMITTED, State.SUBMITTED_LATE}
    match what:
        case "answered" if "due" in so_far and occasion.visit.late_answers == "labelled":
            so_far.add("late")
        case "submitted":
            return State.SUBMITTED_LATE if "late" in so_far else State.SUBMITTED
        case "excused" if not is_sent:
            return State.EXCUSED
        case "declined" if not is_sent and now is not State.EXCUSED:
            return State.DECLINED
    return now if now in OVER else move_on(now, what, so_far)


def move_on(now: State, what: str, so_far: set[str]) -> State:
    """The state of what was neither sent nor settled, after one more happening."""
    match what:
        case "withdrawn":
            return State.WITHDRAWN
        case "stops":
            return State.NOT_APPLICABLE
        case "opens":
            return State.STARTED if "started" in so_far else State.OPEN
        case "started" if now is State.OPEN:
            return State.STARTED
        case "due":
            return State.OVERDUE
        case "last beginning" if so_far.isdisjoint({"touched", "started"}):
            return State.EXPIRED
        case "grace ends":
            return State.EXPIRED
    return now


def rest(lived: State, occasion: Occasion, at: datetime, end: datetime) -> State:
    """What verdict and pauses make of a state that was lived through without them."""
    decided = {State.SUBMITTED, State.SUBMITTED_LATE, State.EXCUSED, State.DECLINED}
    if lived in decided:
        return lived
    if occasion.verdict in (Verdict.OTHER_ARM, Verdict.SCORE_NOT_MET):
        return State.NOT_APPLICABLE
    if lived in (State.WITHDRAWN, State.NOT_APPLICABLE):
        return lived
    if occasion.verdict is Verdict.UNDECIDED:
        return State.NOT_YET if at < occasion.closes else State.NOT_APPLICABLE
    moment = end - timedelta(microseconds=1) if lived is State.EXPIRED else at
    is_resting = any(one.since <= moment and (one.until is None or moment < one.until) for one in occasion.pauses)
    return State.NOT_APPLICABLE if is_resting and lived is not State.NOT_YET else lived
