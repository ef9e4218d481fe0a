"""Why an answer is missing: recorded, replaced, taken back."""

from datetime import timedelta

import pytest

from app.errors import Refusal
from app.participants import agenda, excuses, queries
from app.participants.models import Participant
from app.participants.queries import Among
from app.scheduling.status import State
from app.studies.queries import protocols
from tests.support.answers import answer_all
from tests.support.world import AT, World


def state_of(session, person: Participant) -> State:
    return agenda.of_participants(session, [person], AT)[person.id][0].state


def reason_of(session, world: World, person: Participant) -> str | None:
    """Why the first visit is excused, as the team's pages read it."""
    among = Among(world.study_id, subject_code=person.subject_code)
    found = queries.find(session, among, protocols(session, world.study_id), AT)
    assert found is not None
    return found.visits[0].excused_reason


def test_a_reason_closes_the_visit_and_taking_it_back_opens_it_again(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        excuses.excuse(session, alice, "M0", 1, "hospital", AT)
        assert State.EXCUSED is state_of(session, alice)
        assert "hospital" == reason_of(session, world, alice)
        assert excuses.take_back(session, alice, "M0", 1, AT)
        assert State.OPEN is state_of(session, alice)
        assert reason_of(session, world, alice) is None
        assert not excuses.take_back(session, alice, "M0", 1, AT)


def test_a_second_reason_replaces_the_first_and_keeps_its_instant(world: World):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        excuses.excuse(session, alice, "M0", 1, "hospital", AT)
        record = excuses.excuse(session, alice, "M0", 1, "too-ill", AT + timedelta(days=1))
        assert ("too-ill", AT) == (record.excused_reason, record.excused_at)


def test_what_was_sent_needs_no_excuse(world: World):
    with world.study() as session:
        answer_all(session, world, "alice")
        alice = session.get_one(Participant, world.participants["alice"])
        with pytest.raises(Refusal, match="already-sent"):
            excuses.excuse(session, alice, "M0", 1, "hospital", AT)


def test_only_known_reasons_are_recorded(world: World):
    with world.study() as session, pytest.raises(Refusal, match="unknown-reason"):
        excuses.excuse(session, session.get_one(Participant, world.participants["alice"]), "M0", 1, "lazy", AT)
