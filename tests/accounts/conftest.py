"""The study side's own tables, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.support.tables import study_tables


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty study side."""
    database = study_tables(tmp_path)
    with database.write() as session:
        yield session
    database.engine.dispose()
