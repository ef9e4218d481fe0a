"""``weshare backup`` and ``weshare restore`` as an operator types them."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app.backup.postgres_dumps import TOOLS
from app.config import embedded
from app.db import Databases, connect
from app.identity import identities, people
from app.identity.models import LedgerEntry
from app.vault_keys import fresh_key
from tests.cli.conftest import Command

KEYS = ("vault-master-keys", "vault-lookup-key")


def only_backup(backups: Path) -> Path:
    """The one that there is."""
    (found,) = [folder for folder in backups.iterdir() if folder.name != "key-stores"]
    return found


def elsewhere(instance: Path, tmp_path: Path) -> Path:
    """A new deployment to which the operator has brought the vault's keys."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    for key in KEYS:
        shutil.copy(instance / key, other / key)
    return other


@pytest.mark.parametrize("key", ["", fresh_key()], ids=["in clear", "sealed"])
def test_a_backup_is_restored_elsewhere_with_two_commands(
    instance: Path, weshare: Command, lived_in: Databases, tmp_path: Path, key: str
) -> None:
    made = weshare("backup", WESHARE_BACKUP_KEY=key)
    assert 0 == made.exit_code, made.output
    assert lived_in.vault is not None
    with lived_in.vault.read() as session:
        assert ["backup.taken"] == list(session.scalars(select(LedgerEntry.action)))
    assert ("It is not sealed" in made.stdout) == (not key)
    other = elsewhere(instance, tmp_path)
    settings = {"WESHARE_INSTANCE": str(other), "WESHARE_BACKUP_KEY": key}
    done = weshare("restore", str(only_backup(tmp_path / "backups")), **settings)
    assert 0 == done.exit_code, done.output
    assert "2 identities were opened as a sample; 0 erasures made again." in done.stdout
    databases = connect(embedded(other, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.read() as session:
        ada = people.find_by_email(session, "ada@example.org")
        assert ada is not None
        assert "Ada" == identities.read(session, ada).given_name
    databases.close()


def test_only_the_owner_reads_a_backup_and_no_key_of_the_settings_is_in_it(
    instance: Path, weshare: Command, lived_in: Databases, tmp_path: Path
) -> None:
    weshare("backup")
    for file in (tmp_path / "backups").rglob("*"):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o077, file
    secrets = [(instance / name).read_bytes().strip() for name in ("secret-key", *KEYS, "assertion-key.pem")]
    for file in (tmp_path / "backups").rglob("*.*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [True for secret in secrets if secret in content]
    assert lived_in.vault is not None


def test_old_key_stores_are_removed_and_backups_stay(weshare: Command, lived_in: Databases, tmp_path: Path) -> None:
    stores = tmp_path / "backups" / "key-stores"
    weshare("backup")
    for day in range(1, 5):
        (stores / f"2026-01-0{day}T000000.000000Z.keys").touch()
    weshare("backup", "--key-stores", "2")
    assert 2 == len(list(stores.glob("*.keys")))
    assert not list(stores.glob("2026-01-0[123]*"))
    assert lived_in.vault is not None


def test_a_key_store_that_is_older_than_the_backup_is_refused(
    instance: Path, weshare: Command, lived_in: Databases, tmp_path: Path
) -> None:
    weshare("backup")
    folder = only_backup(tmp_path / "backups")
    (store,) = (tmp_path / "backups" / "key-stores").glob("*.keys")
    body = json.loads(store.read_text("utf-8"))
    store.write_text(json.dumps({**body, "made_at": "2020-01-01T00:00:00+00:00"}), encoding="utf-8")
    said = weshare("restore", str(folder), WESHARE_INSTANCE=str(elsewhere(instance, tmp_path)))
    assert (1, True) == (said.exit_code, "the key store is older than the backup" in said.stderr)
    assert lived_in.vault is not None


def test_a_backup_without_its_master_keys_is_not_taken_for_a_whole_one(
    weshare: Command, lived_in: Databases, tmp_path: Path
) -> None:
    weshare("backup")
    said = weshare("restore", str(only_backup(tmp_path / "backups")), WESHARE_INSTANCE=str(tmp_path / "fresh"))
    assert 1 == said.exit_code
    assert "are not the keys that the backup needs" in said.stderr
    assert lived_in.vault is not None


def test_a_place_that_is_not_empty_is_left_alone(weshare: Command, lived_in: Databases, tmp_path: Path) -> None:
    weshare("backup")
    said = weshare("restore", str(only_backup(tmp_path / "backups")))
    assert (1, True) == (said.exit_code, "is not empty: restore into an empty one" in said.stderr)
    assert lived_in.vault is not None


@pytest.mark.postgres
def test_where_postgresqls_programs_are_missing_the_command_says_so(
    weshare: Command, postgres_url: str, tmp_path: Path
) -> None:
    """A sentence, and no traceback of a program that is not there."""
    said = weshare(
        "backup",
        **{TOOLS: str(tmp_path / "nowhere"), "WESHARE_MODE": "production", **_production(postgres_url)},
    )
    assert 1 == said.exit_code
    assert "pg_dump is not installed: install PostgreSQL's client programs" in said.stderr
    assert not list((tmp_path / "backups").glob("2*"))


def _production(url: str) -> dict[str, str]:
    from tests.test_config import COMPLETE

    return {**COMPLETE, **{f"WESHARE_{name}_DATABASE": url for name in ("STUDY", "VAULT", "WAREHOUSE")}}
