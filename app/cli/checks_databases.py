"""Checks of the databases: there, up to date, run by a role that may little, and append-only where they have to be."""

import stat
from datetime import UTC, timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.backup import postgres_dumps
from app.backup.parts import DATABASES, revision_of
from app.cli.finding import Finding, Site, ok, unsafe, warning
from app.cli.migrate import history
from app.db import Database

SKEW = timedelta(seconds=5)


def reachable(site: Site) -> list[Finding]:
    """They answer."""
    found = []
    for name, database in site.reachable().items():
        try:
            with database.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            found.append(ok(f"The {name} database answers."))
        except SQLAlchemyError as problem:
            found.append(unsafe(f"The {name} database does not answer ({type(problem).__name__})."))
    return found


def up_to_date(site: Site) -> list[Finding]:
    """The program and the tables are of one version."""
    found = []
    for name, database in site.reachable().items():
        head = ScriptDirectory.from_config(history(name)).get_current_head()
        with database.engine.connect() as connection:
            revision = revision_of(connection)
        if revision == head:
            found.append(ok(f"The {name} database is at revision {revision}."))
        else:
            found.append(unsafe(f"The {name} database is at revision {revision} of {head}: run “weshare migrate”."))
    return found


def roles(site: Site) -> list[Finding]:
    """The role that pages run under may not do what nobody should."""
    found = []
    for name, database in site.reachable().items():
        with database.engine.connect() as connection:
            found += _sqlite_file(name, database) if _is_sqlite(database) else _role(name, connection)
    return found


def append_only(site: Site) -> list[Finding]:
    """The database refuses to change what is on record."""
    found = []
    for name, database in site.reachable().items():
        chain = DATABASES[name].chain
        if chain is None:
            continue
        asked = {
            "sqlite": "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :chain",
            "postgresql": "SELECT COUNT(*) FROM pg_trigger WHERE tgrelid = to_regclass(:chain) AND tgenabled <> 'D' "
            "AND NOT tgisinternal",
        }[database.engine.dialect.name]
        with database.engine.connect() as connection:
            guarded = connection.scalar(text(asked), {"chain": chain})
        if guarded:
            found.append(ok(f"The {name} side's record is append-only."))
        else:
            found.append(unsafe(f"The database lets the {name} side's record be changed: run “weshare migrate”."))
    return found


def clock(site: Site) -> list[Finding]:
    """All machines have the same time: assertions live for a minute."""
    found = []
    for name, database in site.reachable().items():
        if _is_sqlite(database):
            continue
        with database.engine.connect() as connection:
            theirs = connection.scalar(text("SELECT clock_timestamp()"))
        apart = abs(theirs.astimezone(UTC) - site.at) if theirs is not None else timedelta(0)
        if apart > SKEW:
            found.append(unsafe(f"The clock of the {name} database is {apart.total_seconds():.0f} s away from ours."))
    return found or [ok("The clocks agree.")]


def tools(site: Site) -> list[Finding]:
    """Backups of PostgreSQL need its own programs."""
    if all(_is_sqlite(database) for database in site.reachable().values()):
        return [ok("SQLite needs no other program for its backups.")]
    missing = [name for name in ("pg_dump", "pg_restore") if postgres_dumps.tool(name) is None]
    if missing:
        return [warning(f"{' and '.join(missing)} not found: “weshare backup” cannot work without.")]
    return [ok("pg_dump and pg_restore are installed.")]


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


def _sqlite_file(name: str, database: Database) -> list[Finding]:
    file = Path(database.engine.url.database or "")
    folder_is_closed = not stat.S_IMODE(file.absolute().parent.stat().st_mode) & 0o077
    if folder_is_closed or not file.exists() or not stat.S_IMODE(file.stat().st_mode) & 0o077:
        return [ok(f"Only its owner reads the file of the {name} database.")]
    return [warning(f"Others on this machine can read the file of the {name} database. Run chmod 700 on its folder.")]


def _role(name: str, connection: Connection) -> list[Finding]:
    asked = "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    is_super, may_make_roles, bypasses = connection.execute(text(asked)).one()
    found = []
    if is_super:
        found.append(unsafe(f"The role of the {name} database is a superuser: it can lift every guard."))
    elif may_make_roles or bypasses:
        found.append(warning(f"The role of the {name} database may do more than it needs (CREATEROLE or BYPASSRLS)."))
    chain = DATABASES[name].chain
    if chain is not None and not is_super:
        may = "SELECT has_table_privilege(to_regclass(:chain), 'UPDATE, DELETE, TRUNCATE')"
        if connection.scalar(text(may), {"chain": chain}):
            found.append(unsafe(f"The role of the {name} database has the right to change its record."))
    return found or [ok(f"The role of the {name} database may not do more than it needs.")]
