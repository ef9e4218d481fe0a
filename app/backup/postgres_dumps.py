"""PostgreSQL: pg_dump of one snapshot, measured at the same instant, and pg_restore; both must be installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from app.backup.manifest import BrokenBackup
from app.backup.sqlite_copies import Measure

TOOLS = "WESHARE_POSTGRES_TOOLS"
"""Environment: the folder of pg_dump and pg_restore, if they are not among the programs that are found by name."""


def dump(engine: Engine, target: Path, without_rows_of: tuple[str, ...], measure: Measure) -> None:
    """Dump one snapshot, without the rows of some tables; BrokenBackup if the tool is missing or fails."""
    words = ["--format=custom", "--no-owner", *(f"--exclude-table-data={table}" for table in without_rows_of)]
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run("pg_dump", engine.url, [*words, f"--snapshot={snapshot}", f"--file={target}"])
        measure(connection)


def load(engine: Engine, source: Path) -> None:
    """Load a dump into an empty database, all of it or nothing."""
    # Roles of the old server may not exist here: what the program's own guards need is set up again afterwards.
    _run(
        "pg_restore",
        engine.url,
        ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(source)],
    )


def tool(name: str) -> str | None:
    """Where one of PostgreSQL's programs is, if it is installed."""
    return shutil.which(name, path=os.environ.get(TOOLS))


def _run(name: str, url: URL, words: list[str]) -> None:
    program = tool(name)
    if program is None:
        raise BrokenBackup(f"{name} is not installed: install PostgreSQL's client programs, or set {TOOLS}")
    # Without the password, which everybody on the machine could read there; url.set() takes None for no change.
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    command = [program, f"--dbname={address.render_as_string(hide_password=False)}", *words]
    done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BrokenBackup(f"{name} failed: {' '.join(done.stderr.split())[:500]}")


def _environment(url: URL) -> Mapping[str, str]:
    given = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    return {**os.environ, **given}
