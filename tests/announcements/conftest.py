"""A session on the small world, for services that never commit."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.world import World


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    """The study side of the small world, open for writing."""
    with world.study() as opened:
        yield opened
