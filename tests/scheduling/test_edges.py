"""Edges of rules that no story and no made-up life passes by; each seen failing with its rule put one step off."""

from dataclasses import replace
from datetime import date

import pytest

from app.scheduling import amend
from app.scheduling.amend import FOLLOW, Course, What
from app.scheduling.ladder import escalates_at
from app.scheduling.local_time import Stay, ZoneInfo, instant_among, zone_at
from app.scheduling.participation import Facts, Pause
from app.scheduling.status import State, answerable_until, last_end, state
from app.scheduling.timeline import Verdict, occasions
from tests.scheduling.builders import HOUR, PARIS, TICK, a_protocol, a_visit, utc
from tests.scheduling.test_cases import LATER, ONE_DAY, by_name, somebody


def test_who_opened_in_time_and_gives_the_first_answer_in_the_grace_is_not_cut_off() -> None:
    """Seen failing with the later of the two taken for the beginning."""
    (one,) = occasions(a_protocol(), somebody(), LATER)
    slow = Facts(opened=one.closes - HOUR, started=one.closes + HOUR)
    assert one.closes + 24 * HOUR == answerable_until(one, slow)


def test_a_link_lives_as_long_as_anybody_may_still_send() -> None:
    """Seen failing without the hours of those who never opened it."""
    rules = {"never_opened_hours": 48, "started_hours": 1}
    (one,) = occasions(a_protocol(a_visit(expiry=rules)), somebody(), LATER)
    assert one.closes + 49 * HOUR == last_end(one)
    assert answerable_until(one, Facts(opened=one.closes + 48 * HOUR - TICK)) == last_end(one) - TICK


def test_the_first_of_several_days_of_an_event_ends_a_visit() -> None:
    """Seen failing with the last of them."""
    cycles = {1: date(2026, 8, 1), 2: date(2026, 7, 20)}
    person = somebody(events={**somebody().events, "cycle": cycles})
    (one,) = occasions(a_protocol(a_visit(stops_at=["cycle"])), person, LATER)
    assert utc(2026, 7, 19, 22) == one.stops


def test_an_event_that_happens_once_counts_under_its_first_number_only() -> None:
    """A version of a protocol may have let it happen more often before. Seen failing with every number taken."""
    first, second = date(2026, 1, 15), date(2026, 3, 1)
    found = occasions(a_protocol(), somebody(events={"inclusion": {1: first, 2: second}}), LATER)
    assert [date(2026, 7, 15)] == [one.anchor for one in found]


def test_staff_are_told_at_the_hour_of_the_notice() -> None:
    """Seen failing with midnight."""
    (one,) = occasions(a_protocol(a_visit(escalation={"after": "P3D"}, notify_hour=17)), somebody(), LATER)
    assert utc(2026, 7, 18, 15) == escalates_at(one)


@pytest.mark.parametrize(("value", "expected"), [(50.0, Verdict.ASKED), (50.1, Verdict.SCORE_NOT_MET)])
def test_a_score_of_just_the_most_is_met(value: float, expected: Verdict) -> None:
    """Seen failing with a score that has to stay below it."""
    rule = {"scores": [{"visit": "m3", "instrument": "weshare-core@1.0", "scale": "fatigue", "at_most": 50}]}
    protocol = a_protocol(a_visit("m3", offset="P3M"), a_visit("m6", only_if=rule))
    person = somebody(
        facts={("m3", 1): Facts(submitted=utc(2026, 4, 16))},
        scores={("m3", 1): {("weshare-core@1.0", "fatigue"): value}},
    )
    assert expected is by_name(protocol, person)["m6/1"].verdict


def test_the_score_of_the_same_cycle_decides() -> None:
    """Seen failing with that of the first cycle for all of them."""
    rule = {"scores": [{"visit": "day-1", "instrument": "weshare-core@1.0", "scale": "fatigue", "at_least": 50}]}
    protocol = a_protocol(
        a_visit("day-1", event="cycle", offset="P0D", **ONE_DAY),
        a_visit("day-8", event="cycle", offset="P7D", only_if=rule, **ONE_DAY),
    )
    keys = {("day-1", 1): 10.0, ("day-1", 1_000_001): 90.0}
    person = somebody(
        events={"cycle": {1: date(2026, 2, 1), 2: date(2026, 2, 22)}},
        facts={key: Facts(submitted=utc(2026, 2, 23)) for key in keys},
        scores={key: {("weshare-core@1.0", "fatigue"): value} for key, value in keys.items()},
    )
    found = by_name(protocol, person)
    assert Verdict.SCORE_NOT_MET is found["day-8/1"].verdict
    assert Verdict.ASKED is found["day-8/1000001"].verdict


def test_a_visit_that_is_asked_in_a_pause_is_asked_in_a_pause() -> None:
    """Seen failing with pauses for every visit."""
    person = somebody(pauses=(Pause(utc(2026, 7, 10), utc(2026, 7, 17)),))
    (one,) = occasions(a_protocol(a_visit(in_pause="asked")), person, LATER)
    assert State.OPEN is state(one, Facts(), None, utc(2026, 7, 12))


def test_at_the_very_opening_of_a_round_the_next_one_is_known() -> None:
    """So that the next look can be found. Seen failing with the rounds ending at one that opens just then."""
    protocol = a_protocol(a_visit(offset="P1M", **ONE_DAY, repeats={"every": "P1M", "until_event": "progression"}))
    opens = occasions(protocol, somebody(), utc(2026, 1, 20))[0].opens
    assert [1, 2] == [one.iteration for one in occasions(protocol, somebody(), opens)]


@pytest.mark.parametrize("settled", ["excused", "declined"])
def test_an_amendment_leaves_what_was_excused_or_declined(settled: str) -> None:
    """Seen failing with either of them left out."""
    old, new = a_protocol(), a_protocol(a_visit(closes="P8D", reminders=[]))
    facts = replace(Facts(made_available=utc(2026, 7, 8)), **{settled: utc(2026, 7, 9)})
    course = Course(old, {}, somebody(facts={("m6", 1): facts}), {})
    assert [What.STAYS] == [one.what for one in amend.effect(course, new, utc(2026, 7, 21), FOLLOW).changes]


def test_whoever_moves_lives_by_the_new_clocks_from_that_instant_on() -> None:
    """Seen failing with the instant itself left to the old ones."""
    moved = utc(2026, 3, 1)
    stays = (Stay(PARIS), Stay(ZoneInfo("Pacific/Noumea"), moved))
    assert ("Europe/Paris", "Pacific/Noumea") == tuple(zone_at(at, stays).key for at in (moved - TICK, moved))


def test_an_hour_that_the_new_clocks_show_once_more_after_a_move_is_the_second_one() -> None:
    """In St. John's one minute past midnight became 23:01 again. Seen failing with the first, before the move."""
    stays = (Stay(ZoneInfo("America/Los_Angeles")), Stay(ZoneInfo("America/St_Johns"), utc(2010, 11, 7, 3)))
    assert utc(2010, 11, 7, 3, 30) == instant_among(date(2010, 11, 7), 0, stays)
