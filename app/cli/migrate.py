"""Bring the databases to the form that this version of the program needs: three independent Alembic histories."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import click
from alembic import command
from alembic.config import Config as Settings
from sqlalchemy import Connection, Engine, text

from app.backup.parts import DATABASES
from app.chain import guards
from app.cli import settings
from app.config import ROOT
from app.db import Databases, connect

HISTORIES = ("study", "vault", "warehouse")
# Any number will do, as long as every process that migrates asks PostgreSQL for the same one.
TURN = 7_304_221


def upgrade(databases: Databases) -> None:
    """Apply every missing revision to each database this process may reach. Several processes may do so at once."""
    for name in HISTORIES:
        database = getattr(databases, name)
        if database is not None:
            upgrade_one(database.engine, name, carried=database.carried)


def upgrade_one(
    engine: Engine, name: str, revision: str = "head", carried: Mapping[str, object] = MappingProxyType({})
) -> None:
    """Apply one history up to a revision: all of it, or nothing if anything fails. ``carried``: the vault's keys."""
    with running(engine, name) as prepared:
        prepared.attributes.update(carried)
        command.upgrade(prepared, revision)
        chain = DATABASES[name].chain
        if revision == "head" and chain is not None:
            # A revision that has SQLite copy the table drops its guards; so may whoever restored it by hand.
            guards.install(prepared.attributes["connection"], chain)


def downgrade_one(engine: Engine, name: str, revision: str) -> None:
    """Take one history back to a revision, "base" for nothing at all. Data of what disappears is lost."""
    with running(engine, name) as prepared:
        command.downgrade(prepared, revision)


def history(name: str) -> Settings:
    """What Alembic needs to find one history."""
    found = Settings()
    found.set_main_option("script_location", _literal(str(ROOT / "migrations")))
    found.set_main_option("version_locations", _literal(str(ROOT / "migrations" / name)))
    # One path; the usual separators may well be part of it.
    found.set_main_option("path_separator", "newline")
    return found


@contextmanager
def running(engine: Engine, name: str) -> Iterator[Settings]:
    """Alembic's settings with a connection in one transaction, which nobody else migrates beside."""
    writing = engine.execution_options(writes=True)
    with writing.connect() as connection, _tables_may_be_copied(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        prepared = history(name)
        prepared.attributes["connection"] = connection
        yield prepared


@contextmanager
def _tables_may_be_copied(connection: Connection) -> Iterator[None]:
    """Foreign keys off on SQLite while Alembic copies tables: dropping the old copy would delete what refers to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Only outside a transaction does SQLite listen to this, and SQLAlchemy would begin one: so directly.
    driver = connection.connection
    driver.cursor().execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.cursor().execute("PRAGMA foreign_keys = ON")


def _literal(path: str) -> str:
    return path.replace("%", "%%")


@click.command()
def migrate() -> None:
    """Bring every database that this process may reach to the form that the program needs."""
    databases = connect(settings.read())
    upgrade(databases)
    databases.close()
    for name in HISTORIES:
        if getattr(databases, name) is not None:
            click.echo(f"The {name} database is up to date.")
