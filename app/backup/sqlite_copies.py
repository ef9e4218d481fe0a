"""SQLite: a consistent copy while others write, through SQLite's own online backup, and the way back."""

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

from app.backup.manifest import BrokenBackup

Measure = Callable[[Connection], None]
"""Looks at a snapshot while it is there."""


def dump(engine: Engine, target: Path, without_rows_of: tuple[str, ...], measure: Measure) -> None:
    """Copy, leave out what must not be in it, measure the copy itself, and compress."""
    copy = target.with_suffix(".copy")
    with closing(sqlite3.connect(_file(engine))) as source, closing(sqlite3.connect(copy)) as made:
        source.backup(made, pages=2_000, sleep=0.01)
        made.execute("PRAGMA journal_mode = DELETE")
        for table in without_rows_of:
            made.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own tables
        made.commit()
        if without_rows_of:
            # The removed rows would still lie in free pages of the copy.
            made.execute("VACUUM")
    measured = create_engine(f"sqlite:///{copy}")
    with measured.connect() as connection:
        measure(connection)
    measured.dispose()
    with copy.open("rb") as plain, gzip.open(target, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed)
    copy.unlink()


def load(engine: Engine, source: Path) -> None:
    """Unpack into the file of an engine whose database is empty."""
    file = Path(_file(engine))
    file.parent.mkdir(parents=True, exist_ok=True)
    engine.dispose()
    unpacked = file.with_name(f".{file.name}.restoring")
    try:
        with gzip.open(source, "rb") as packed, unpacked.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    except (OSError, EOFError) as problem:
        unpacked.unlink(missing_ok=True)
        raise BrokenBackup(f"{source.name} cannot be unpacked ({type(problem).__name__})") from None
    for leftover in ("-wal", "-shm"):
        file.with_name(file.name + leftover).unlink(missing_ok=True)
    unpacked.rename(file)


def _file(engine: Engine) -> str:
    if not engine.url.database or engine.url.database == ":memory:":
        raise BrokenBackup("a database in memory has no file to copy")
    return engine.url.database
