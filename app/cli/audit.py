"""``weshare audit``: proving that the trail and the ledger are what was written, and keeping their heads elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.backup.parts import DATABASES
from app.chain import anchors
from app.chain.anchors import Anchors
from app.chain.verify import Verified, verify
from app.cli import settings
from app.db import Database, connect
from app.jobs import clock


def chained() -> Iterator[tuple[str, str, Database]]:
    """The chains that this process may reach: name of the database, table, database."""
    databases = connect(settings.read())
    for name, part in DATABASES.items():
        database = getattr(databases, name)
        if database is not None and part.chain is not None:
            yield name, part.chain, database
    databases.close()


@click.group()
def audit() -> None:
    """The audit trail of the study side and the ledger of the vault."""


@audit.command()
def head() -> None:
    """Write the heads to standard output, one line a chain: append them to a file on another machine, every day."""
    for _name, table, database in chained():
        with database.engine.connect() as connection:
            click.echo(anchors.line(table, anchors.heads(connection, table), clock.now()))


@audit.command("verify")
@click.option(
    "--heads",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads that were kept elsewhere: without them, entries missing at the end go unnoticed.",
)
def check(kept: Path | None) -> None:
    """Read every entry and name the first one of each stream that cannot be believed; nothing is changed."""
    known = _read(kept)
    broken = 0
    for name, table, database in chained():
        with database.engine.connect() as connection:
            result = verify(connection, table, known.get(table))
        _tell(name, result)
        broken += len(result.breaks)
    if kept is None:
        click.echo("No heads were given (--heads): entries missing at the very end would go unnoticed.")
    if broken:
        settings.stop("The record was tampered with. Keep everything as it is, and compare it with a backup.")


def _read(kept: Path | None) -> Anchors:
    if kept is None:
        return {}
    try:
        return anchors.read(kept.read_text(encoding="utf-8").splitlines())
    except ValueError as problem:
        settings.stop(f"{kept}: {problem}.", settings.USAGE)


def _tell(name: str, result: Verified) -> None:
    for found in result.breaks:
        click.echo(f"{name}: stream {found.stream}, entry {found.number}: {found.what}", err=True)
    state = f"{len(result.breaks)} streams are broken" if result.breaks else "each follows from the one before"
    click.echo(f"{name}: {result.entries} entries in {len(result.heads) + len(result.breaks)} streams; {state}.")
