"""The laws of the timeline, each for one protocol, person and instant; an AssertionError where one is broken."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.scheduling import amend
from app.scheduling.amend import Course, What
from app.scheduling.ladder import ladder
from app.scheduling.participation import Facts, Participation, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.reminders import NOTHING, due_steps, next_look
from app.scheduling.status import ANSWERABLE, State, is_answerable, state
from app.scheduling.timeline import Occasion, amended, find, occasions
from tests.scheduling import oracle
from tests.scheduling.lives import LONG_AGO, NUMBERS, edges


def timeline_is_the_oracles(protocol: Protocol, person: Participation, at: datetime) -> None:
    """The same as going through it all by hand, in order."""
    found = occasions(protocol, person, at)
    assert oracle.occasions(protocol, person, at) == {
        one.key: oracle.Seen(
            one.anchor, (one.opens, one.notify, one.due, one.closes), one.instruments, one.verdict, one.stops
        )
        for one in found
    }
    assert len({one.key for one in found}) == len(found)
    assert sorted((one.opens, one.closes) for one in found) == [(one.opens, one.closes) for one in found]


def one_alone_is_the_same(protocol: Protocol, person: Participation, at: datetime) -> None:
    for one in occasions(protocol, person, at)[:5]:
        assert one == find(protocol, person, one.key, at)


def states_are_the_oracles(protocol: Protocol, person: Participation, at: datetime) -> None:
    """The same as living through everything that was known by then."""
    left = person.ends(Stopped.ASKING)
    left = left if left is not None and left <= at else None
    for one in occasions(protocol, person, at)[:6]:
        facts = known_by(person.facts_of(one.key), at)
        now = state(one, facts, left, at)
        assert oracle.state(one, facts, left, at) is now
        assert (now in ANSWERABLE) is is_answerable(one, facts, left, at)


def known_by(facts: Facts, at: datetime) -> Facts:
    found = {name: getattr(facts, name) for name in NUMBERS}
    return Facts(**{name: moment for name, moment in found.items() if moment is not None and moment <= at})


def touched_occasions_stay(protocol: Protocol, person: Participation, later: int) -> None:
    """Correcting every date and another arm leave each touched occasion in place under its name."""
    shift = timedelta(days=later)
    corrected = {key: {number: day + shift for number, day in days.items()} for key, days in person.events.items()}
    before = {one.key for one in occasions(protocol, person, LONG_AGO)}
    changed = replace(person, events=corrected, arm=None)
    now = {one.key: one for one in occasions(protocol, changed, LONG_AGO)}
    for key in before:
        facts = person.facts_of(key)
        if facts.is_touched:
            assert key in now
        if facts.submitted is not None:
            assert state(now[key], facts, None, LONG_AGO) in (State.SUBMITTED, State.SUBMITTED_LATE)


def nothing_changes_before_the_next_look(protocol: Protocol, person: Participation, at: datetime) -> None:
    found = occasions(protocol, person, at)
    sent = {one.key: frozenset(step.reminder.step for step in ladder(one) if step.at <= at) for one in found}
    until = next_look(found, person, sent, at)
    asked, silent = person.ends(Stopped.ASKING), person.ends(Stopped.SENDING)
    assert until is None or at <= until
    for one in found[:6]:
        facts, steps = person.facts_of(one.key), sent[one.key]
        now = state(one, facts, asked, at)
        for moment in [*edges(one), *(step.at for step in ladder(one))]:
            if at <= moment and (until is None or moment < until):
                assert now is state(one, facts, asked, moment)
                assert due_steps(one, facts, steps, silent, moment) == NOTHING


def amendments_touch_nothing_begun(
    old: Protocol, new: Protocol, person: Participation, at: datetime, open_visits: str
) -> None:
    """What was begun or sent is the same afterwards, and every difference is told, none too many."""
    before = {one.key: one for one in occasions(old, person, at)}
    found = amend.effect(Course(old, {}, person, {}), new, at, open_visits)
    after = {one.key: one for one in amended(new, dict.fromkeys(found.staying, old), person, at)}
    for key, one in before.items():
        assert not person.facts_of(key).is_touched or one == after[key]
    told = {change.key: change for change in found.changes}
    for key in before.keys() | after.keys():
        change = told.get(key)
        if change is None or change.what is What.STAYS:
            assert before.get(key) == after.get(key)
        else:
            assert (before.get(key), after.get(key)) == (change.before, change.after)


def nobody_is_disturbed(protocol: Protocol, person: Participation) -> None:
    """No notice falls into quiet hours or on a weekend that its visit spares, where clocks run evenly."""
    for one in occasions(protocol, person, LONG_AGO)[:8]:
        sending = one.visit.sending
        quiet_from, quiet_until = sending.quiet_from, sending.quiet_until
        is_overnight = quiet_from > quiet_until
        quiet = {*range(quiet_from, 24), *range(quiet_until)} if is_overnight else {*range(quiet_from, quiet_until)}
        for step in ladder(one):
            local = oracle.shown(step.at, one.stays)
            if _is_calm(one, step.at):
                assert sending.weekends or local.weekday() < 5
                assert local.hour not in quiet


def _is_calm(occasion: Occasion, at: datetime) -> bool:
    """Clocks that jump over an hour cannot keep it."""
    ahead = {
        oracle.shown(at + timedelta(hours=hours), occasion.stays) - at.replace(tzinfo=None) - timedelta(hours=hours)
        for hours in range(-4, 5)
    }
    return len(ahead) == 1
