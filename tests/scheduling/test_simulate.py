"""The time machine: what it shows is what the rules do, the same for the same seed, for everybody's peculiarity."""

from datetime import date, datetime, timedelta

from app.scheduling.elements import InstrumentKey
from app.scheduling.protocol import Protocol
from app.scheduling.simulate import Amended, Burden, Entry, Kind, burden, simulate
from app.scheduling.synthetic import TRAITS, Trait, cast
from tests.scheduling.builders import a_protocol, a_reminder, a_visit, utc

START, UNTIL = date(2026, 1, 1), utc(2029, 1, 1)
LADDER = [a_reminder(), a_reminder("nudge", "reminder", "P5D") | {"channel": "sms"}]
PROTOCOL = a_protocol(
    a_visit("m0", offset="P0D", reminders=LADDER, escalation={"after": "P10D"}),
    a_visit("m6", reminders=LADDER),
    a_visit("week", event="surgery", offset="P7D", instruments=["diary@1.0"], reminders=LADDER),
)


def lived(protocol: Protocol = PROTOCOL, number: int = 33, seed: int = 7, change: Amended | None = None) -> list[Entry]:
    return list(simulate(protocol, number, seed, START, UNTIL, change))


ENTRIES = lived()


def of(trait: Trait) -> list[Entry]:
    return [entry for entry in ENTRIES if entry.trait is trait]


def test_the_same_seed_gives_the_same_calendar_and_another_one_another() -> None:
    assert ENTRIES == lived()
    assert ENTRIES != lived(seed=8)


def test_there_is_somebody_for_everything_that_schedules_stumble_over() -> None:
    assert set(TRAITS) == {one.trait for one in cast(PROTOCOL, len(TRAITS), 7, START)}
    leap = next(one for one in cast(PROTOCOL, len(TRAITS), 7, START) if one.trait is Trait.LEAP_DAY)
    assert date(2028, 2, 29) == leap.happenings[0].known.events["inclusion"][1]


def test_every_visit_opens_once_and_is_answered_at_most_once() -> None:
    for kind in (Kind.OPENS, Kind.ANSWERED):
        keys = [(entry.person, entry.key) for entry in ENTRIES if entry.kind is kind]
        assert len(keys) == len(set(keys))


def test_no_message_goes_out_twice_or_after_the_answer() -> None:
    messages = [(entry.person, entry.key, entry.detail) for entry in ENTRIES if entry.kind is Kind.MESSAGE]
    assert len(messages) == len(set(messages))
    answered = {(entry.person, entry.key): entry.at for entry in ENTRIES if entry.kind is Kind.ANSWERED}
    late = [one for one in ENTRIES if one.kind is Kind.MESSAGE and one.at > answered.get((one.person, one.key), one.at)]
    assert [] == late


def test_who_wants_no_more_messages_gets_none_and_may_go_on_answering() -> None:
    for who in (one for one in cast(PROTOCOL, 33, 7, START) if one.trait is Trait.SILENT):
        (since,) = who.happenings[-1].known.withdrawals.values()
        after = [entry for entry in of(Trait.SILENT) if entry.person == who.number and entry.at > since]
        assert Kind.MESSAGE not in {entry.kind for entry in after}


def test_nobody_is_asked_anything_after_leaving_or_dying() -> None:
    """Though visits go on for years. Seen failing with deaths that ended nothing."""
    window = {"opens": "P0D", "due": "P7D", "closes": "P10D", "reminders": LADDER}
    monthly = a_protocol(a_visit(offset="P1M", **window, repeats={"every": "P1M", "times": 36}))
    entries = lived(monthly)
    for who in (one for one in cast(monthly, 33, 7, START) if one.trait in (Trait.LEAVES, Trait.DIES)):
        known = who.happenings[-1].known
        ended = [*known.withdrawals.values()]
        days = known.events.get("death", {}).values()
        ended += [datetime.combine(day, datetime.min.time(), who.zone) for day in days]
        for moment in ended:
            known_at = max(moment, who.happenings[-1].at)
            assert [] == [entry for entry in entries if entry.person == who.number and entry.at > known_at]
            assert who.happenings[0].at + timedelta(days=1000) > known_at, "nothing was to come any more"


def test_staff_are_told_of_who_does_not_answer() -> None:
    alerts = [entry for entry in ENTRIES if entry.kind is Kind.ALERT]
    assert {"m0"} == {entry.key[0] for entry in alerts}


def test_an_amendment_leaves_what_was_open_and_changes_what_comes() -> None:
    later = a_protocol(a_visit("m0", offset="P0D", reminders=LADDER), a_visit("m9", offset="P9M", reminders=LADDER))
    at = utc(2026, 7, 1)
    entries = lived(change=Amended(later, at))
    assert [entry for entry in ENTRIES if entry.at < at] == [entry for entry in entries if entry.at < at]
    opened_before = {(entry.person, entry.key) for entry in entries if entry.kind is Kind.OPENS and entry.at < at}
    m6_later = {(entry.person, entry.key) for entry in entries if entry.key[0] == "m6" and entry.at >= at}
    assert m6_later <= opened_before
    assert "m9" in {entry.key[0] for entry in entries}


def test_the_burden_is_what_opens_and_what_is_sent_in_a_month() -> None:
    minutes = {InstrumentKey("weshare-core@1.0"): 6, InstrumentKey("diary@1.0"): 2}
    months = burden(ENTRIES, minutes)
    opened = [entry for entry in ENTRIES if entry.kind is Kind.OPENS]
    expected = sum(minutes[instrument] for entry in opened for instrument in entry.instruments)
    assert expected == sum(one.minutes for one in months.values())
    assert sum(entry.kind is Kind.MESSAGE for entry in ENTRIES) == sum(one.messages for one in months.values())
    first = opened[0]
    assert isinstance(months[(first.person, f"{first.local:%Y-%m}")], Burden)


def test_times_are_told_as_clocks_show_them_where_the_person_is() -> None:
    first_messages = [one for one in ENTRIES if one.detail == "nudge" and one.trait is Trait.ORDINARY]
    assert {timedelta(hours=9)} == {timedelta(hours=one.local.hour, minutes=one.local.minute) for one in first_messages}
