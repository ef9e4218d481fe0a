"""Large studies are counted by the clock, small ones when somebody asks."""

import pytest
from sqlalchemy import func, select

from app.jobs import count_visits
from app.participants import tallies
from app.participants.models import VisitTally
from tests.support.answers import answer_all
from tests.support.sheets import library
from tests.support.world import AT, World


def rows(world: World) -> int:
    with world.study() as session:
        return session.scalar(select(func.count()).select_from(VisitTally)) or 0


def test_only_large_studies_are_counted(world: World, monkeypatch: pytest.MonkeyPatch):
    with world.study() as session:
        answer_all(session, world, "alice")
        session.commit()
    assert {} == dict(count_visits.run(world.databases, world.config, library(), at=AT))
    monkeypatch.setattr(tallies, "LIVE_UP_TO", 1)
    for _ in range(2):
        assert {"counted": 1} == dict(count_visits.run(world.databases, world.config, library(), at=AT))
    assert 1 == rows(world)
