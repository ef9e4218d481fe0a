"""The vault's own tables, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.support.tables import vault_tables


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty vault."""
    database = vault_tables(tmp_path)
    with database.write() as session:
        yield session
    database.engine.dispose()
