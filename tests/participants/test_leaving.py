"""Three withdrawals, each an act of its own, and undone only while it may have been a mistake."""

from datetime import timedelta

import pytest

from app.errors import Refusal
from app.participants import agenda, leaving
from app.participants.models import Participant
from app.scheduling.participation import Withdrawal
from app.scheduling.status import State
from tests.support.world import AT, World

ASKED = {
    Withdrawal.FROM_FOLLOW_UP: State.WITHDRAWN,
    Withdrawal.FROM_CONTACT: State.OPEN,
    Withdrawal.FROM_USE: State.WITHDRAWN,
}


@pytest.mark.parametrize("what", Withdrawal)
def test_each_act_stops_what_it_says_and_holds_nothing_else_back(world: World, what: Withdrawal):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        assert leaving.withdraw(alice, what, "own-wish", AT)
        assert ASKED[what] is agenda.of_participants(session, [alice], AT)[alice.id][0].state
        assert [what] == [act for act in Withdrawal if leaving.since(alice, act) is not None]
        assert not leaving.withdraw(alice, what, "other", AT + timedelta(hours=1))


def test_a_mistake_is_undone_within_a_day_and_then_no_more(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        follow_up = Withdrawal.FROM_FOLLOW_UP
        leaving.withdraw(alice, follow_up, "own-wish", AT)
        assert leaving.undo(alice, follow_up, AT + timedelta(hours=23))
        assert leaving.since(alice, follow_up) is None
        assert not leaving.undo(alice, follow_up, AT)
        leaving.withdraw(alice, follow_up, "own-wish", AT)
        with pytest.raises(Refusal, match="too-late-to-undo"):
            leaving.undo(alice, follow_up, AT + timedelta(hours=24))


def test_a_withdrawal_has_a_reason(world: World):
    with world.study() as session, pytest.raises(Refusal, match="unknown-reason"):
        leaving.withdraw(session.get_one(Participant, world.participants["alice"]), Withdrawal.FROM_USE, "", AT)
