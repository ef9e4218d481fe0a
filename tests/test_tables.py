"""The copies that tests work on are what the models make, rights and triggers included."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from app.db import engine_for
from tests.support import postgres, tables

NAMES = pytest.mark.parametrize("name", tables.BASES)


def made(name: str, url: str) -> str:
    engine = engine_for(url)
    tables.BASES[name].metadata.create_all(engine)
    engine.dispose()
    return url


def dumped(url: str) -> list[str]:
    """Everything a PostgreSQL says of its tables; the key that locks the script differs each time."""
    command = [postgres.tools() / "pg_dump", "--schema-only", f"--dbname={url}"]
    script = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [line for line in script.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def described(url: str) -> list[object]:
    """Everything a SQLite file says of its tables."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    found = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    connection.close()
    return found


@pytest.mark.postgres
@NAMES
def test_a_copied_database_is_as_the_models_make_it(postgres_url: str, name: str) -> None:
    """Seen failing with copies of a template whose table's owner had the right to change entries given back."""
    with tables.databases(postgres_url) as ready, postgres.databases(postgres_url) as fresh:
        expected = dumped(made(name, fresh(name)))
        assert expected == dumped(ready(name))
    assert ("REVOKE" in "\n".join(expected)) == (name != "warehouse")


@NAMES
def test_a_copied_file_is_as_the_models_make_it(tmp_path: Path, name: str) -> None:
    """Seen failing with the file read before its last connection was closed: what is written lies beside it."""
    expected = described(made(name, f"sqlite:///{tmp_path / 'made.sqlite'}"))
    assert expected == described(tables.files(tmp_path)(name))
    assert ("no_update" in str(expected)) == (name != "warehouse")
