"""The small world, once on SQLite and once on PostgreSQL, and a session on it for services that never commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.config import embedded
from app.db import Databases
from app.participants.models import Participant
from tests.support import world as worlds
from tests.support.world import World


@pytest.fixture
def either(empty_databases: Databases, tmp_path: Path) -> World:
    """The small world on either engine."""
    return worlds.build(embedded(tmp_path / "instance", "http://localhost"), empty_databases)


@pytest.fixture
def session(either: World) -> Iterator[Session]:
    """The study side of the small world, open for writing."""
    with either.study() as opened:
        yield opened


@pytest.fixture
def alice(either: World, session: Session) -> Participant:
    """Alice in her study."""
    return session.get_one(Participant, either.participants["alice"])
