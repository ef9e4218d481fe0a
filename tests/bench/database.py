"""The database engines that the benchmark runs on: SQLite in a folder, and a PostgreSQL that waits for its disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from app.db import engine_for
from tests.support import postgres
from tests.support.server import cpu_of_tree


@dataclass(frozen=True, slots=True)
class Engine:
    """Where databases are made, by name, and what the engine's own processes have used of the processor."""

    name: str
    fresh: Callable[[str], str]
    cpu_seconds: Callable[[], float]


@contextmanager
def sqlite(folder: Path) -> Iterator[Engine]:
    """Files; the engine runs inside the program itself."""
    yield Engine("SQLite", lambda name: f"sqlite:///{folder / name}.sqlite", lambda: 0.0)


@contextmanager
def postgresql(_folder: Path) -> Iterator[Engine]:
    """A server of its own, every commit on the disk."""
    running = postgres.start(durable=True)
    try:
        postmaster = _postmaster(running.url)
        with postgres.databases(running.url) as fresh:
            yield Engine("PostgreSQL", fresh, lambda: cpu_of_tree(postmaster))
    finally:
        running.stop()


def _postmaster(url: str) -> int:
    engine = engine_for(url)
    with engine.connect() as connection:
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
    engine.dispose()
    return int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])
