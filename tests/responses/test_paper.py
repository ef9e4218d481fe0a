"""Forms on paper, entered days later: they count on the day on which they were answered."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import agenda
from app.participants.agenda import Planned
from app.participants.enrol import withdraw
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.answers import DECLINED
from app.responses import collect, decisive, history, paper, visits
from app.responses.collect import Given
from app.responses.models import AnswerSheet
from app.responses.paper import Form
from app.scheduling.parse import parse_protocol
from app.scheduling.status import State
from tests.scheduling.builders import an_occasion
from tests.support.sheets import library, open_sheet
from tests.support.world import AT, World, protocol_document

ENTERED = AT + timedelta(days=60)  # M0 was due on 15 May and closed on 29 May 2026
CORE = "weshare-core@1.0"
BY = "staff:1"


def baseline(session: Session, world: World) -> Planned:
    person = session.get_one(Participant, world.participants["alice"])
    return agenda.of_participants(session, [person], ENTERED)[person.id][0]


def enter(session: Session, world: World, answered_on: date) -> None:
    """Everything left out, and sent."""
    (opened,) = paper.begin(session, baseline(session, world), Form(answered_on, "fr", BY), ENTERED)
    instrument = library().instrument(CORE)
    given = [Given(item, DECLINED, 0) for item in instrument.order]
    collect.save(session, opened, given, "request-1", ENTERED, "fr")
    wording = library().wording(CORE, "fr")
    collect.submit(session, opened, instrument, library().instrument_hash(CORE), wording, "request-2", ENTERED)
    assert visits.close_if_complete(session, opened, ENTERED)
    session.flush()


@pytest.mark.parametrize(
    ("expected", "is_late", "answered_on"),
    [(State.SUBMITTED, False, date(2026, 5, 15)), (State.SUBMITTED_LATE, True, date(2026, 5, 16))],
)
def test_a_form_entered_weeks_later_counts_on_its_day(
    world: World, expected: State, is_late: bool, answered_on: date
) -> None:
    """Seen failing with the window closed at the instant of entering, and late by it."""
    with world.study() as session:
        enter(session, world, answered_on)
        assert expected is baseline(session, world).state
        (sent,) = history.of_participant(session, world.participants["alice"])
        assert is_late is sent.late
        assert answered_on == sent.submitted_at.astimezone(baseline(session, world).occasion.zone).date()
        record = session.scalars(select(OccasionRecord)).one()
        assert ENTERED == record.submitted_at


@pytest.mark.parametrize("answered_on", [date(2026, 4, 23), date(2026, 5, 30), date(2026, 7, 4)])
def test_a_day_outside_the_window_or_still_to_come_is_refused(world: World, answered_on: date) -> None:
    with world.study() as session, pytest.raises(Refusal, match="answered-outside-window"):
        paper.begin(session, baseline(session, world), Form(answered_on, "fr", BY), ENTERED)


def test_what_was_begun_here_in_time_gives_a_form_on_paper_no_day_more(world: World) -> None:
    """The grace is for who is typing. Seen failing with what was opened here counted for the paper."""
    with world.study() as session:
        assert open_sheet(session, world, "alice").record.opened_at == AT
        with pytest.raises(Refusal, match="answered-outside-window"):
            paper.begin(session, baseline(session, world), Form(date(2026, 5, 30), "fr", BY), ENTERED)


def test_a_form_answered_before_its_participant_left_is_still_taken(world: World) -> None:
    with world.study() as session:
        withdraw(session.get_one(Participant, world.participants["alice"]), AT + timedelta(days=10))
        enter(session, world, date(2026, 5, 5))
        assert State.SUBMITTED is baseline(session, world).state


def test_one_answered_after_that_is_not(world: World) -> None:
    with world.study() as session:
        withdraw(session.get_one(Participant, world.participants["alice"]), AT + timedelta(days=10))
        with pytest.raises(Refusal, match="answered-outside-window"):
            paper.begin(session, baseline(session, world), Form(date(2026, 5, 20), "fr", BY), ENTERED)


def test_scores_that_decide_are_noted_for_a_version_that_asks_for_them(world: World) -> None:
    """Seen failing with conditions that wait for ever on visits sent before the amendment."""
    scale = next(iter(library().instrument(CORE).scales))
    document = protocol_document()
    threshold = {"visit": "M0", "instrument": CORE, "scale": scale, "at_least": 50}
    document["visits"][1]["only_if"] = {"scores": [threshold]}
    with world.study() as session:
        enter(session, world, date(2026, 5, 10))
        assert {} == session.scalars(select(OccasionRecord)).one().decisive_scores
        assert 1 == decisive.note_for(session, world.study_id, parse_protocol(document))
        assert {f"{CORE}/{scale}": None} == session.scalars(select(OccasionRecord)).one().decisive_scores


def test_what_was_sent_is_not_given_up_any_more(world: World) -> None:
    """Seen failing without the question: its answers would have been taken back behind the submission."""
    with world.study() as session:
        enter(session, world, date(2026, 5, 5))
        person = session.get_one(Participant, world.participants["alice"])
        key = session.scalars(select(AnswerSheet.key)).one()
        sent = paper.find(session, key, person)
        assert sent is not None
        with pytest.raises(Refusal, match="already-sent"):
            paper.give_up(session, sent, "request-3", ENTERED)


def test_after_giving_up_the_last_answer_of_ones_own_counts_again(world: World) -> None:
    """Seen failing with the first one."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        for seen, value in enumerate((2, 3)):
            collect.save(session, opened, [Given("q1", value, seen)], f"request-{seen}", AT, "fr")  # type: ignore[arg-type]
        (entered,) = paper.begin(session, baseline(session, world), Form(date(2026, 5, 5), "fr", BY), ENTERED)
        collect.save(session, entered, [Given("q1", 4, 2)], "request-4", ENTERED, "fr")  # type: ignore[arg-type]
        paper.give_up(session, entered, "request-5", ENTERED)
        assert {"q1": 3} == {
            item: one.answer for item, one in collect.current_answers(session, opened.sheet.id).items()
        }


def test_a_day_on_which_the_visit_opens_counts_from_its_opening() -> None:
    """Seen failing with the beginning of the day, at which it was not open."""
    occasion = an_occasion(opens="P0D", opens_hour=10, notify_hour=11)
    assert occasion.opens == paper.counts_at(occasion, occasion.anchor)
    assert occasion.opens < paper.counts_at(occasion, occasion.anchor + timedelta(days=1))
