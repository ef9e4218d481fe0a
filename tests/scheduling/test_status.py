"""States: one at every instant, each as its sentence says, and who may still answer."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.scheduling.participation import Facts
from app.scheduling.status import ANSWERABLE, State, answerable_until, is_answerable, state
from app.scheduling.timeline import Occasion
from tests.scheduling import oracle
from tests.scheduling.builders import GRACE, HOUR, TICK, an_occasion, days, facts_of, modest, moments, zones

OCCASION = an_occasion()
OPENS, DUE, CLOSES = OCCASION.opens, OCCASION.due, OCCASION.closes
NOTHING_DONE = Facts()
STARTED = Facts(started=OPENS + HOUR)


@pytest.mark.parametrize(
    ("expected", "facts", "at"),
    [
        (State.NOT_YET, NOTHING_DONE, OPENS - TICK),
        (State.OPEN, NOTHING_DONE, OPENS),
        (State.OPEN, Facts(opened=OPENS + HOUR), OPENS + HOUR),
        (State.STARTED, STARTED, OPENS + HOUR),
        (State.OPEN, NOTHING_DONE, DUE - TICK),
        (State.OVERDUE, NOTHING_DONE, DUE),
        (State.OVERDUE, STARTED, DUE),
        (State.OVERDUE, NOTHING_DONE, CLOSES - TICK),
        (State.EXPIRED, NOTHING_DONE, CLOSES),
        (State.OVERDUE, Facts(opened=OPENS), CLOSES),  # no answer yet: perhaps still typing the first one
        (State.EXPIRED, Facts(opened=OPENS), CLOSES + GRACE),
        (State.OVERDUE, STARTED, CLOSES + GRACE - TICK),
        (State.EXPIRED, STARTED, CLOSES + GRACE),
        (State.OVERDUE, Facts(started=CLOSES - TICK), CLOSES),
        (State.EXPIRED, Facts(started=CLOSES), CLOSES),
        (State.SUBMITTED, Facts(submitted=DUE - TICK), CLOSES + GRACE),
        (State.SUBMITTED_LATE, Facts(submitted=DUE), CLOSES + GRACE),
        (State.SUBMITTED, Facts(submitted=OPENS, excused=OPENS + HOUR), CLOSES),
        (State.EXCUSED, Facts(excused=CLOSES + GRACE), CLOSES + GRACE),
    ],
)
def test_each_state_begins_and_ends_at_its_instant(expected: State, facts: Facts, at: datetime) -> None:
    """Windows are half-open; seen failing with each of the comparisons turned from ``<`` to ``<=``."""
    assert expected is state(OCCASION, facts, None, at)


@pytest.mark.parametrize(
    ("expected", "facts", "withdrawn_at"),
    [
        (State.WITHDRAWN, NOTHING_DONE, OPENS - HOUR),
        (State.WITHDRAWN, STARTED, CLOSES + HOUR),
        (State.WITHDRAWN, NOTHING_DONE, CLOSES - TICK),
        (State.EXPIRED, NOTHING_DONE, CLOSES),
        (State.EXPIRED, STARTED, CLOSES + GRACE),
        (State.SUBMITTED, Facts(submitted=OPENS), OPENS + HOUR),
        (State.EXCUSED, Facts(excused=OPENS), OPENS + HOUR),
    ],
)
def test_leaving_the_study_explains_only_what_was_not_over_before(
    expected: State, facts: Facts, withdrawn_at: datetime
) -> None:
    assert expected is state(OCCASION, facts, withdrawn_at, CLOSES + timedelta(days=9))


def test_a_day_of_grace_is_24_hours_even_on_the_night_clocks_change() -> None:
    occasion = an_occasion(date(2026, 10, 24), offset="P0D", due="P0D", closes="P0D", reminders=[])
    assert answerable_until(occasion, Facts(started=occasion.opens)) - occasion.closes == 24 * HOUR


def test_who_is_typing_when_the_window_closes_can_still_send_the_answers() -> None:
    """Seen failing with the grace given to every occasion, and to none."""
    assert is_answerable(OCCASION, STARTED, None, CLOSES + HOUR)
    assert not is_answerable(OCCASION, NOTHING_DONE, None, CLOSES + HOUR)


def test_a_clock_that_goes_back_does_not_open_again_what_was_sent() -> None:
    """Seen failing with facts later than ``at`` left out."""
    assert State.SUBMITTED is state(OCCASION, Facts(submitted=OPENS + HOUR), None, OPENS)
    assert not is_answerable(OCCASION, NOTHING_DONE, OPENS + HOUR, OPENS)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Occasion, Facts, datetime | None, datetime]:
    """An occasion anywhere on earth, anything that happened to it, and an instant at which all this is known."""
    occasion = an_occasion(draw(days), draw(zones))
    facts = draw(facts_of(occasion))
    withdrawn_at = draw(st.none() | moments(occasion))
    known = [moment for moment in (facts.started, facts.submitted, facts.excused, withdrawn_at) if moment is not None]
    return occasion, facts, withdrawn_at, max([draw(moments(occasion)), *known])


@modest
@given(lives())
@example((OCCASION, NOTHING_DONE, CLOSES + HOUR, CLOSES + HOUR))  # it had expired when its participant left
def test_the_state_is_the_one_reached_by_living_through_everything(
    life: tuple[Occasion, Facts, datetime | None, datetime],
) -> None:
    """Seen failing with a withdrawal that also explains what had expired before it."""
    occasion, facts, withdrawn_at, at = life
    assert oracle.state(occasion, facts, withdrawn_at, at) is state(occasion, facts, withdrawn_at, at)


@modest
@given(lives())
def test_answers_are_taken_in_exactly_the_states_that_say_so(
    life: tuple[Occasion, Facts, datetime | None, datetime],
) -> None:
    occasion, facts, withdrawn_at, at = life
    may_answer = is_answerable(occasion, facts, withdrawn_at, at)
    assert (state(occasion, facts, withdrawn_at, at) in ANSWERABLE) is may_answer
    if may_answer:
        assert occasion.opens <= at < occasion.closes + GRACE


@modest
@given(lives(), st.data())
def test_time_alone_never_brings_an_earlier_state_back(
    life: tuple[Occasion, Facts, datetime | None, datetime], data: st.DataObject
) -> None:
    occasion, facts, withdrawn_at, at = life
    later = max(at, data.draw(moments(occasion)))
    order = [State.NOT_YET, State.OPEN, State.STARTED, State.OVERDUE, State.EXPIRED]
    now, then = state(occasion, facts, withdrawn_at, at), state(occasion, facts, withdrawn_at, later)
    assert now is then or order.index(now) < order.index(then)
