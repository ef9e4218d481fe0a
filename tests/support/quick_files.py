"""SQLite files that do not wait for the disk: no test takes the machine's power away."""

from typing import Any

from app import db

TRUE = db._prepare_sqlite


def _prepare(connection: Any, record: object) -> None:
    TRUE(connection, record)
    connection.execute("PRAGMA synchronous = OFF").close()


def install() -> None:
    """From now on, for this process and every engine it makes."""
    db._prepare_sqlite = _prepare
