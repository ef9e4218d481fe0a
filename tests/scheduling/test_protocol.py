"""Protocols: the document and back, and every mistake told at once."""

import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.scheduling.mistakes import MISTAKES, BrokenProtocol, Mistake
from app.scheduling.parse import brief_document, dump_protocol, parse_protocol
from app.scheduling.period import Period
from app.scheduling.protocol import EventKind, Protocol, Visit
from app.scheduling.rules import Reminder
from tests.scheduling.builders import a_document, a_protocol, a_reminder, a_visit, modest, protocols


def mistakes_of(document: Any, installed: Any = None) -> list[tuple[str, str]]:
    """Code and place of each mistake; the sentence of each can be built."""
    with pytest.raises(BrokenProtocol) as caught:
        parse_protocol(document, installed)
    assert len(caught.value.mistakes) == len(str(caught.value).splitlines())
    return [(mistake.code, mistake.where) for mistake in caught.value.mistakes]


def test_a_document_becomes_typed_and_frozen() -> None:
    protocol = a_protocol()
    visit = protocol.visit(protocol.visits[0].key)
    assert (Period(months=6), Period(days=-7), Period()) == (visit.offset, visit.opens, visit.notify)
    assert Reminder(step="nudge", kind="reminder", after=Period(days=5)) == visit.reminders[1]
    assert visit.instruments == ("weshare-core@1.0",)
    with pytest.raises(ValidationError):
        visit.notify_hour = 10  # type: ignore[misc]


def test_people_are_written_to_at_nine_unless_the_visit_says_otherwise() -> None:
    document = a_document()
    del document["visits"][0]["notify_hour"]
    assert parse_protocol(document).visits[0].notify_hour == 9


def test_a_visit_that_is_not_there_is_a_bug_of_the_caller() -> None:
    with pytest.raises(KeyError):
        a_protocol().visit("m99")


def test_a_document_comes_back_as_a_person_would_write_it() -> None:
    """Nothing is said twice, and nothing that is so anyway."""
    document = a_document(a_visit("baseline", offset="P0D"), a_visit("m6", notify_hour=17), version=3)
    del document["visits"][0]["notify_hour"]
    assert document == brief_document(parse_protocol(document))


def test_what_is_stored_says_everything() -> None:
    """Seen failing with the defaults left out: a default that changes one day would change a published version."""
    stored = dump_protocol(a_protocol())
    assert Protocol.model_fields.keys() == stored.keys()
    assert Visit.model_fields.keys() == stored["visits"][0].keys()
    assert Reminder.model_fields.keys() == stored["visits"][0]["reminders"][0].keys()


@modest
@given(protocols())
def test_a_protocol_survives_being_dumped_as_json_and_as_yaml(protocol: Protocol) -> None:
    """Seen failing with the sign of a period written before each number: P-7D for -P7D."""
    document = dump_protocol(protocol)
    assert protocol == parse_protocol(document)
    assert protocol == parse_protocol(json.loads(json.dumps(document)))
    assert protocol == parse_protocol(yaml.safe_load(yaml.safe_dump(document, allow_unicode=True)))


LETTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn"))
titles = st.dictionaries(st.sampled_from(("fr", "en", "pt-BR")), st.text(LETTERS, min_size=1, max_size=20), min_size=1)


@modest
@given(st.integers(1, 9999), titles, titles)
def test_titles_in_any_script_survive_too(version: int, of_event: dict[str, str], of_visit: dict[str, str]) -> None:
    document = a_document(
        a_visit(title=of_visit), version=version, events={"inclusion": EventKind(title=of_event).model_dump()}
    )
    dumped = json.loads(json.dumps(dump_protocol(parse_protocol(document))))
    assert (of_event, of_visit) == (dumped["events"]["inclusion"]["title"], dumped["visits"][0]["title"])


@pytest.mark.parametrize(
    ("code", "where", "changes"),
    [
        ("unknown-event", "visits.m6.event", {"event": "relapse"}),
        ("no-instrument", "visits.m6.instruments", {"instruments": []}),
        ("duplicate-instrument", "visits.m6.instruments", {"instruments": ["core@1", "core@1"]}),
        ("notify-before-opens", "visits.m6.notify", {"notify": "-P8D", "reminders": []}),
        ("notify-after-closes", "visits.m6.notify", {"notify": "P15D", "reminders": []}),
        ("due-before-opens", "visits.m6.due", {"due": "-P8D"}),
        ("due-after-closes", "visits.m6.due", {"due": "P15D"}),
        ("duplicate-step", "visits.m6.reminders", {"reminders": [a_reminder(), a_reminder(after="P1D")]}),
        ("reminders-on-one-day", "visits.m6.reminders", {"reminders": [a_reminder(), a_reminder("nudge")]}),
        ("reminder-before-notify", "visits.m6.reminders", {"reminders": [a_reminder(after="-P1D")]}),
        ("reminder-after-closes", "visits.m6.reminders", {"reminders": [a_reminder(after="P15D")]}),
        ("due-after-closes", "visits.m6.due", {"due": "P30D", "closes": "P1M"}),  # in February
    ],
)
def test_what_makes_no_sense_is_a_mistake_of_its_own(code: str, where: str, changes: dict[str, Any]) -> None:
    """Each seen failing with its check taken out."""
    assert [(code, where)] == mistakes_of(a_document(a_visit(**changes)))


def test_a_window_that_closes_before_it_opens_is_a_mistake() -> None:
    assert ("opens-after-closes", "visits.m6.opens") in mistakes_of(a_document(a_visit(opens="P20D")))


def test_a_reminder_on_the_last_day_is_none() -> None:
    assert a_protocol(a_visit(reminders=[a_reminder(after="P14D")]))


def test_two_visits_of_one_key_are_a_mistake() -> None:
    """Seen failing with the check taken out: the answers of two visits would have been kept under one name."""
    assert mistakes_of(a_document(a_visit(), a_visit(offset="P12M"))) == [("duplicate-visit", "visits.m6")]


def test_visits_that_may_be_open_together_with_the_same_instrument_are_a_mistake() -> None:
    """Seen failing without the day added to the first window: the last and the first day were one and the same."""
    first, on_its_last_day = a_visit("m6"), a_visit("week-3", offset="P6M", opens="P14D", closes="P20D", due="P20D")
    on_its_last_day |= {"notify": "P14D", "reminders": []}
    assert mistakes_of(a_document(first, on_its_last_day)) == [("overlap", "visits.week-3")]
    assert mistakes_of(a_document(on_its_last_day, first)) == [("overlap", "visits.m6")]


def test_an_overlap_on_a_single_date_in_four_years_is_found() -> None:
    """31 January + P1M is the 28th of February, 28 days on: then, and only then, the windows share a day."""
    same_day = {"opens": "P0D", "notify": "P0D", "due": "P0D", "closes": "P0D", "reminders": []}
    assert mistakes_of(
        a_document(a_visit("days", offset="P28D", **same_day), a_visit("month", offset="P1M", **same_day))
    ) == [("overlap", "visits.month")]
    assert a_protocol(a_visit("days", offset="P27D", **same_day), a_visit("month", offset="P1M", **same_day))


def test_visits_that_touch_or_differ_in_event_or_instrument_do_not_overlap() -> None:
    assert a_protocol(
        a_visit("m6"),
        a_visit("next-day", opens="P15D", notify="P15D", due="P20D", closes="P20D", reminders=[]),
        a_visit("other-event", event="surgery"),
        a_visit("other-instrument", instruments=["weshare-core@2.0"]),
    )


@pytest.mark.parametrize(
    ("where", "document"),
    [
        ("protocol", []),
        ("protocol", None),
        ("version", a_document(version=0)),
        ("version", a_document(version="1")),
        ("version", a_document(version=True)),
        ("owner", a_document(owner="me")),
        ("events.a b", a_document(events={"inclusion": {"title": {"fr": "x"}}, "a b": {"title": {"fr": "x"}}})),
        ("visits", a_document() | {"visits": "m6"}),
        ("visits.1", a_document() | {"visits": [None]}),
        ("visits.m6.offset", a_document(a_visit(offset="6 months"))),
        ("visits.m6.offset", a_document(a_visit(offset=6))),
        ("visits.m6.notify_hour", a_document(a_visit(notify_hour=24))),
        ("visits.m6.title", a_document(a_visit(title={}))),
        ("visits.m6.title.fr", a_document(a_visit(title={"fr": False}))),
        ("visits.m6.instruments.0", a_document(a_visit(instruments=["weshare-core"]))),
        ("visits.m6.reminders.0.kind", a_document(a_visit(reminders=[a_reminder(kind="threat")]))),
        ("visits.m6.color", a_document(a_visit(color="red"))),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(where: str, document: Any) -> None:
    code, place = mistakes_of(document)[0]
    assert ("unreadable", where) == (code, place.removesuffix(".[key]"))


def test_every_mistake_is_told_at_once_whether_it_can_be_read_or_not() -> None:
    """Seen failing with sense checked only once everything could be read."""
    found = mistakes_of(
        a_document(
            a_visit("baseline", offset="soon", closes=None),
            {"title": {"fr": "Sans clef"}},
            a_visit("m6", event="relapse", instruments=[]),
            a_visit("m7", due="P90D", offset="P7M"),
            a_visit("m7", offset="P18M"),
            extra=1,
        )
    )
    expected = [
        ("unreadable", "visits.baseline.offset"),
        ("unreadable", "visits.baseline.closes"),
        ("unreadable", "visits.2.key"),
        ("unreadable", "extra"),
        ("duplicate-visit", "visits.m7"),
        ("unknown-event", "visits.m6.event"),
        ("no-instrument", "visits.m6.instruments"),
        ("due-after-closes", "visits.m7.due"),
    ]
    assert expected == [mistake for mistake in found if mistake in expected]


def test_a_mistake_reads_as_a_sentence_with_its_place() -> None:
    mistake = Mistake("overlap", "visits.m7", {"other": "m6", "instrument": "weshare-core@1.0"})
    assert str(mistake) == "visits.m7: may be open together with m6, which holds weshare-core@1.0 too"


PLAIN_CODES = {
    "unreadable",
    "duplicate-visit",
    "duplicate-instrument",
    "duplicate-step",
    "opens-after-closes",
    "notify-after-closes",
    "due-before-opens",
    "due-after-closes",
}
"""Those told by the first tests of this file."""
ARMS = {"A": {"title": {"fr": "Bras A"}}, "B": {"title": {"fr": "Bras B"}}}
CALM = {"opens": "P0D", "notify": "P0D", "due": "P1D", "closes": "P1D", "reminders": []}
DAY = CALM | {"due": "P0D", "closes": "P0D"}
OF_A, OF_B = {"only_if": {"arms": ["A"]}}, {"arms": ["B"]}
LATE = [a_reminder(after="P9D")]
INSTALLED = {"weshare-core@1.0": ("fatigue", "pain")}


def if_score(**changes: Any) -> dict[str, Any]:
    threshold = {"visit": "m3", "instrument": "weshare-core@1.0", "scale": "fatigue", "at_least": 50}
    return {"only_if": {"scores": [threshold | changes]}}


def two(earlier: dict[str, Any], **later: Any) -> list[dict[str, Any]]:
    """Month three, and month six with these changes."""
    return [a_visit("m3", offset="P3M", **earlier), a_visit("m6", **later)]


MORE: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("unknown-event", "visits.m6.stops_at", [a_visit(stops_at=["relapse"])]),
    (
        "unknown-event",
        "visits.m6.repeats.until_event",
        [a_visit(repeats={"every": "P3M", "times": 2, "until_event": "relapse"})],
    ),
    ("unknown-arm", "visits.m6.only_if.arms", [a_visit(only_if={"arms": ["C"]})]),
    ("unknown-arm", "visits.m6.instruments_by_arm", [a_visit(instruments_by_arm={"C": ["weshare-core@1.0"]})]),
    ("no-instrument", "visits.m6.instruments_by_arm.B", [a_visit(instruments_by_arm={"B": []})]),
    ("unknown-instrument", "visits.m6.instruments", [a_visit(instruments=["weshare-core@1.0", "other@1.0"])]),
    ("unknown-instrument", "visits.m6.instruments_by_arm.B", [a_visit(instruments_by_arm={"B": ["other@1.0"]})]),
    ("unknown-visit", "visits.m6.only_if.scores", two({}, **if_score(visit="m1"))),
    ("unknown-scale", "visits.m6.only_if.scores", two({}, **if_score(scale="joy"))),
    ("threshold-without-bound", "visits.m6.only_if.scores", two({}, **if_score(at_least=None))),
    ("threshold-never-met", "visits.m6.only_if.scores", two({}, **if_score(at_most=49))),
    ("instrument-not-asked", "visits.m6.only_if.scores", two({}, **if_score(instrument="other@1.0"))),
    ("condition-on-later", "visits.m3.only_if.scores", two(if_score(visit="m6"))),
    ("condition-on-later", "visits.m6.only_if.scores", two({}, **if_score(visit="m6"))),
    (
        "unreachable",
        "visits.m6.only_if.scores",
        two(OF_A, only_if=if_score()["only_if"] | OF_B),
    ),
    ("unreachable", "visits.m6.event", [a_visit(event="death")]),
    ("unreachable", "visits.m6.stops_at", [a_visit(stops_at=["inclusion"])]),
    ("notify-before-opens", "visits.m6.notify", [a_visit(**CALM, opens_hour=10)]),
    ("reminder-before-notify", "visits.m6.reminders", [a_visit(reminders=[a_reminder() | {"hour": 8}])]),
    ("reminder-after-closes", "visits.m6.reminders", [a_visit(closes_hour=9, reminders=[a_reminder(after="P14D")])]),
    (
        "reminder-when-refused",
        "visits.m6.reminders",
        [a_visit(late_answers="refused", reminders=LATE)],
    ),
    ("reminders-on-one-day", "visits.m6.reminders", [a_visit(reminders=[a_reminder(), a_reminder("b") | {"hour": 9}])]),
    ("escalation-before-notify", "visits.m6.escalation", [a_visit(escalation={"after": "-P1D"})]),
    ("escalation-after-closes", "visits.m6.escalation", [a_visit(escalation={"after": "P15D"})]),
    ("repeats-in-place", "visits.m6.repeats", [a_visit(repeats={"every": "P0D", "times": 3})]),
    ("repeats-in-place", "visits.m6.burst", [a_visit(burst={"every": "-P1D", "times": 3})]),
    ("endless", "visits.m6.repeats", [a_visit(repeats={"every": "P3M"})]),
    ("ends-before-it-begins", "visits.m6.repeats", [a_visit(repeats={"every": "P3M", "until": "P5M"})]),
    ("too-many-rounds", "visits.m6.repeats", [a_visit(repeats={"every": "P1D", "until": "P15Y"})]),
    ("overlaps-itself", "visits.m6.repeats", [a_visit(repeats={"every": "P3W", "times": 4})]),
    ("overlaps-itself", "visits.m6.burst", [a_visit(burst={"times": 2})]),
    ("overlap", "visits.year", [a_visit(**CALM, repeats={"every": "P1M", "times": 7}), a_visit("year", offset="P12M")]),
]


@pytest.mark.parametrize(("code", "where", "visits"), MORE)
def test_each_mistake_is_told_with_its_place(code: str, where: str, visits: list[dict[str, Any]]) -> None:
    """Each seen failing with its check taken out."""
    found = mistakes_of(a_document(*visits, arms=ARMS), INSTALLED)
    assert {(code, where)} == set(found)


@pytest.mark.parametrize(
    "visits",
    [
        [a_visit(**DAY, burst={"times": 7}, repeats={"every": "P1M", "times": 12})],
        [a_visit(**DAY, opens_hour=18, notify_hour=19, burst={"times": 7})],
        [a_visit(only_if={"arms": ["A"]}), a_visit("b", only_if={"arms": ["B"]})],
        [a_visit(**CALM | {"opens": "P0D"}, event="death", offset="-P6M")],
        [a_visit(**DAY, repeats={"every": "P1D", "until_event": "surgery"}, closes_hour=12, due_hour=12)],
        two({}, **if_score()),
    ],
)
def test_what_makes_sense_is_taken(visits: list[dict[str, Any]]) -> None:
    assert parse_protocol(a_document(*visits, arms=ARMS), INSTALLED)


def test_a_window_that_closes_an_hour_before_it_opens_is_a_mistake() -> None:
    found = mistakes_of(a_document(a_visit(**DAY, opens_hour=9, closes_hour=8, due_hour=8)))
    assert ("opens-after-closes", "visits.m6.opens") in found


def test_a_window_that_ends_at_noon_does_not_meet_one_that_begins_then() -> None:
    """Seen failing with whole days compared."""
    morning = a_visit("morning", **DAY, closes_hour=12, due_hour=12)
    assert a_protocol(morning, a_visit("evening", **DAY, opens_hour=12, notify_hour=12))
    assert mistakes_of(a_document(morning, a_visit("evening", **DAY, opens_hour=11, notify_hour=12)))


def test_no_sentence_is_left_without_a_check_or_the_other_way_round() -> None:
    """The codes of the tables above are all the codes there are; seen failing with a code of no use."""
    assert set(MISTAKES) == {code for code, _where, _visits in MORE} | PLAIN_CODES


@modest
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    ),
    st.sampled_from([("version",), ("events",), ("visits",), ("visits", 0), ("visits", 0, "offset")])
    | st.sampled_from([("visits", 0, name) for name in Visit.model_fields]),
)
def test_whatever_stands_in_a_document_it_is_read_or_refused(rubbish: Any, place: tuple[Any, ...]) -> None:
    document = a_document()
    *way, last = place
    target: Any = document
    for step in way:
        target = target[step]
    target[last] = rubbish
    with suppress(BrokenProtocol):
        assert isinstance(parse_protocol(document), Protocol)
