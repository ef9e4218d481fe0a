"""What a backup is made of, as tables: databases with their chains, each engine's way to copy, installed folders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.backup import postgres_dumps, sqlite_copies
from app.backup.sqlite_copies import Measure
from app.chain import anchors
from app.config import ROOT, Config


@dataclass(frozen=True, slots=True)
class DatabasePart:
    """``chain``: the table that is chained, if any. ``apart``: tables whose rows are not in the backup."""

    chain: str | None
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copying:
    """How an engine's databases are copied and loaded again."""

    ending: str
    dump: Callable[[Engine, Path, tuple[str, ...], Measure], None]
    load: Callable[[Engine, Path], None]


# The vault last: whoever entered in between is known to it, and never to a study alone.
DATABASES: Mapping[str, DatabasePart] = {
    "study": DatabasePart("audit_entry"),
    "warehouse": DatabasePart(None),
    "vault": DatabasePart("ledger_entry", ("person_key",)),
}
COPYING: Mapping[str, Copying] = {
    "sqlite": Copying("sqlite.gz", sqlite_copies.dump, sqlite_copies.load),
    "postgresql": Copying("pgdump", postgres_dumps.dump, postgres_dumps.load),
}
FOLDERS = ("instruments", "wordings")
"""Settings that name a folder of what an operator installed."""


def installed_folders(config: Config) -> dict[str, Path]:
    """Folders with something of the operator's in them; what comes with the program is not backed up."""
    named = {name: getattr(config, name, None) for name in FOLDERS}
    return {
        name: folder
        for name, folder in named.items()
        if isinstance(folder, Path) and folder.is_dir() and folder != ROOT / "instruments"
    }


def rows_of(connection: Connection, apart: tuple[str, ...]) -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(set(inspect(connection).get_table_names()) - set(apart))
    return {name: connection.scalar(text(f'SELECT COUNT(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608


def revision_of(connection: Connection) -> str | None:
    """How far the database's history was applied; None for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def heads_of(connection: Connection, chain: str | None) -> dict[str, tuple[int, str]]:
    """Where the chain's streams end."""
    if chain is None or not inspect(connection).has_table(chain):
        return {}
    return {str(stream): (head.number, head.hash) for stream, head in anchors.heads(connection, chain).items()}
