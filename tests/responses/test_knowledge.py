"""What an instrument is told about a participant: what it asks for, in the words that it knows, and nothing else."""

import pytest

from app.participants import facts
from app.participants.models import Participant
from app.responses import knowledge
from tests.support import features
from tests.support.sheets import library
from tests.support.statements import statements
from tests.support.world import AT, World

ROUTING = features.library().instrument("routing@1.0")


@pytest.mark.parametrize(("expected", "value"), [({"age": 70}, 70), ({}, 121), ({}, -1), ({}, "seventy")])
def test_a_value_that_the_instrument_does_not_allow_for_is_unknown_to_it(
    world: World, expected: dict[str, float], value: float | str
):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        facts.record(session, alice, "age", value, AT, "staff:1")
        facts.record(session, alice, "sex", "female", AT, "staff:1")  # not asked for
        assert expected | {"arm": "A"} == knowledge.facts_for(session, alice, ROUTING)


def test_an_instrument_that_asks_nothing_costs_nothing(world: World):
    core = library().instrument("weshare-core@1.0")
    assert world.databases.study is not None
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        with statements(world.databases.study.engine) as sent:
            assert {} == knowledge.known(session, alice, core, "core").facts
        assert [] == sent
        with statements(world.databases.study.engine) as sent:
            knowledge.known(session, alice, ROUTING, "routing")
        assert 1 == len(sent)
