"""``weshare backup``: everything that this process may reach, into a folder of its own."""

from pathlib import Path

import click

from app.audit import trail
from app.backup import take
from app.backup.manifest import BrokenBackup, Manifest
from app.cli import settings
from app.config import ROOT, Config
from app.db import Databases, connect
from app.identity import ledger
from app.jobs import clock

IN_CLEAR = """\
It is not sealed (WESHARE_BACKUP_KEY is not set): whoever reads it reads every answer. Identities are sealed under the
vault's master keys, which are not in it."""
APART = """\
The vault's key stores are in {folder}. Copy them to a second place as well, and keep
them for days only: whoever is erased stays readable for as long as an older one exists."""


def backups_of(config: Config) -> Path:
    """Where backups go unless something else is said."""
    return config.backups or ROOT / "backups"


def _note(databases: Databases, manifest: Manifest) -> None:
    """A copy of everything was made: that is on record on both sides, after the copy."""
    facts = {"parts": [part.name for part in manifest.parts], "sealed": manifest.sealed}
    for database, record in ((databases.study, trail.record), (databases.vault, ledger.record)):
        if database is not None:
            with database.write() as session:
                record(session, clock.now(), "operator", "backup.taken", "backup", facts)
                session.commit()


@click.command()
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="WESHARE_BACKUPS by default.")
@click.option("--key-stores", default=7, show_default=True, type=click.IntRange(1), help="How many are kept.")
def backup(folder: Path | None, key_stores: int) -> None:
    """Back up the databases and what was installed, without stopping anything. Keys of the settings are not in it."""
    config = settings.read()
    to = (folder or backups_of(config)).absolute()
    databases = connect(config)
    try:
        made, manifest = take.take(config, databases, to, clock.now())
    except BrokenBackup as broken:
        settings.stop(f"No backup was made: {broken}.")
    else:
        _note(databases, manifest)
    finally:
        databases.close()
    take.prune_key_stores(to, key_stores)
    for part in manifest.parts:
        rows = f", {sum(part.rows.values())} rows in {len(part.rows)} tables" if part.rows else ""
        click.echo(f"{part.name}: {part.bytes} bytes{rows}")
    click.echo(f"The backup is in {made}.")
    if databases.vault is not None:
        click.echo(APART.format(folder=to / take.KEY_STORES))
    if not manifest.sealed:
        click.echo(IN_CLEAR)
