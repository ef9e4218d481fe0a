"""What happens to participants: events dated and corrected, moves, pauses, and three different withdrawals."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import agenda
from app.participants.agenda import Planned
from app.participants.enrol import go_on, move, pause, record_event, withdraw
from app.participants.models import Participant
from app.scheduling.participation import Withdrawal
from app.scheduling.status import State
from tests.support.world import AT, World

DAY = timedelta(days=1)


def alice(session: Session, world: World) -> Participant:
    return session.get_one(Participant, world.participants["alice"])


def visits(session: Session, world: World, at: object = AT) -> dict[str, Planned]:
    person = alice(session, world)
    planned = agenda.of_participants(session, [person], at)[person.id]  # type: ignore[arg-type]
    return {one.occasion.visit_key: one for one in planned}


def test_an_event_recorded_twice_is_a_correction_and_makes_no_second_visit(world: World) -> None:
    with world.study() as session:
        for on in (date(2026, 5, 3), date(2026, 5, 4)):
            record_event(session, alice(session, world), "inclusion", on, AT, "staff:1")
        found = visits(session, world)
        assert ["M0", "M3", "M6"] == list(found)
        assert date(2026, 5, 4) == found["M0"].occasion.anchor


def test_an_event_that_did_not_take_place_after_all_takes_its_visits_back(world: World) -> None:
    with world.study() as session:
        record_event(session, alice(session, world), "inclusion", None, AT, "staff:1")
        assert {} == visits(session, world)


def test_correcting_an_event_keeps_the_answers_on_their_visit(world: World) -> None:
    """Seen failing with facts looked up by date."""
    with world.study() as session:
        found = agenda.make_available(session, visits(session, world).values(), AT)
        found[0].record.submitted_at = AT  # type: ignore[union-attr]
        record_event(session, alice(session, world), "inclusion", date(2026, 6, 1), AT, "staff:1")
        after = visits(session, world)["M0"]
        assert (State.SUBMITTED, date(2026, 6, 1)) == (after.state, after.occasion.anchor)
        assert found[0].record is after.record


def test_who_moves_lives_by_other_clocks_from_then_on(world: World) -> None:
    with world.study() as session:
        before = visits(session, world)
        move(alice(session, world), "Pacific/Noumea", AT + 10 * DAY, AT)
        after = visits(session, world)
        assert before["M0"].occasion.opens == after["M0"].occasion.opens
        assert timedelta(hours=9) == before["M3"].occasion.opens - after["M3"].occasion.opens
        assert ZoneInfo("Pacific/Noumea") == after["M3"].occasion.zone
        with pytest.raises(Refusal, match="move-out-of-order"):
            move(alice(session, world), "Europe/Paris", AT + 9 * DAY, AT)
        with pytest.raises(ZoneInfoNotFoundError):
            move(alice(session, world), "Mars/Olympus", AT + 20 * DAY, AT)


def test_a_pause_lasts_until_it_ends(world: World) -> None:
    with world.study() as session:
        for _twice in range(2):
            pause(alice(session, world), AT)
        assert State.NOT_APPLICABLE is visits(session, world)["M0"].state
        for _twice in range(2):
            go_on(alice(session, world), AT + DAY)
        assert 1 == len(alice(session, world).pauses)
        assert State.OPEN is visits(session, world, AT + DAY)["M0"].state
        assert AT + DAY == alice(session, world).next_look_at


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        (State.WITHDRAWN, Withdrawal.FROM_FOLLOW_UP),
        (State.OPEN, Withdrawal.FROM_CONTACT),
        (State.WITHDRAWN, Withdrawal.FROM_USE),
    ],
)
def test_each_withdrawal_stops_what_it_says(world: World, expected: State, what: Withdrawal) -> None:
    """Seen failing with one column for all three."""
    with world.study() as session:
        withdraw(alice(session, world), AT, what)
        withdraw(alice(session, world), AT + DAY, what)
        assert expected is visits(session, world)["M0"].state
        assert {what: AT} == visits(session, world)["M0"].course.known.withdrawals
