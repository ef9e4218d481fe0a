"""``weshare restore``: a backup into the empty places that the settings name."""

from pathlib import Path

import click

from app.backup import restore as restoring
from app.backup import take
from app.backup.manifest import BrokenBackup
from app.backup.sealed_file import Unreadable
from app.cli import settings
from app.cli.migrate import upgrade
from app.db import connect
from app.identity.person_keys import NoKey, UnknownMasterKey
from app.identity.sealing import Tampered


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The vault's key store: by default the newest one beside the backup.",
)
def restore(folder: Path, keys: Path | None) -> None:
    """Restore a backup into empty databases and prove it: hashes, numbers of rows, chains, a sample of identities."""
    config = settings.read()
    databases = connect(config)
    try:
        done = restoring.restore(config, databases, folder, keys or newest_key_store(folder), upgrade)
    except Tampered as broken:
        settings.stop(f"{broken}, or WESHARE_VAULT_MASTER_KEYS are not the keys that the backup needs.")
    except (BrokenBackup, Unreadable, NoKey, UnknownMasterKey) as broken:
        settings.stop(f"The backup was not restored: {broken}.")
    finally:
        databases.close()
    for name, rows in done.rows.items():
        chained = f"; {done.entries[name]} chained entries follow from each other" if done.entries[name] else ""
        click.echo(f"{name}: {rows} rows, as many as were backed up{chained}.")
    if databases.vault is not None:
        click.echo(f"vault: {done.opened} identities were opened as a sample; {done.forgotten} erasures made again.")


def newest_key_store(folder: Path) -> Path | None:
    """The one with the latest name beside a backup."""
    return max((folder.absolute().parent / take.KEY_STORES).glob("*.keys"), default=None)
