"""A restore is refused whenever something about it is wrong, and says what; see also tests/promises/test_r18*."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.backup import manifest, restore, take
from app.backup.manifest import BrokenBackup
from app.cli.restore import newest_key_store
from app.config import Config
from app.db import Database, Databases, connect
from tests.support import safekeeping
from tests.support.world import AT

SEALED = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Kept:
    """A deployment whose backups are not sealed, so that a test can change them; and an empty place."""

    here: Config
    there: Config
    databases: Databases
    backups: Path

    def take(self, **changes: Any) -> Path:
        return take.take(replace(self.here, **changes), self.databases, self.backups, AT)[0]

    def restore(self, folder: Path, migrate: Callable[[Databases], None] = lambda _databases: None) -> None:
        databases = connect(self.there)
        try:
            restore.restore(self.there, databases, folder, newest_key_store(folder), migrate)
        finally:
            databases.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The databases of a deployment after some life, built once per test process and copied by each test."""
    folder = tmp_path_factory.mktemp("lived-in")
    safekeeping.lived_in(safekeeping.place(folder, lambda part: f"sqlite:///{folder / part}.sqlite")).close()
    return folder


@pytest.fixture
def kept(built: Path, tmp_path: Path) -> Iterator[Kept]:
    shutil.copytree(built, tmp_path / "here")
    installed = tmp_path / "installed" / "local"
    installed.mkdir(parents=True)
    (installed / "wording.fr.yaml").write_text("language: fr\n", encoding="utf-8")
    here, there = (
        replace(
            safekeeping.place(tmp_path / name, lambda part, name=name: f"sqlite:///{tmp_path / name / part}.sqlite"),
            instruments=tmp_path / folder,
        )
        for name, folder in (("here", "installed"), ("there", "put-back"))
    )
    databases = connect(here)
    yield Kept(here, there, databases, tmp_path / "backups")
    databases.close()


def tampered(database: Database | None, chain: str) -> None:
    """One entry says something else, as whoever may change the schema can make it say."""
    assert database is not None
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(f"DROP TRIGGER {chain}_no_update"))
        connection.execute(text(f"UPDATE {chain} SET actor = 'somebody' WHERE id = 2"))  # noqa: S608


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The manifest says something else."""
    file = folder / manifest.FILE
    body = json.loads(file.read_text("utf-8"))
    change(body)
    file.write_text(json.dumps(body), "utf-8")


@pytest.mark.parametrize(("name", "chain"), [("study", "audit_entry"), ("vault", "ledger_entry")])
def test_a_broken_chain_is_named(kept: Kept, name: str, chain: str) -> None:
    """Seen failing with breaks passed over, and with the vault's ledger left out of what is proved."""
    tampered(getattr(kept.databases, name), chain)
    with pytest.raises(BrokenBackup, match=f"{name}: stream .* it does not follow"):
        kept.restore(kept.take())


def test_other_numbers_of_rows_than_the_backup_says_are_noticed(kept: Kept) -> None:
    """Seen failing without the comparison."""
    folder = kept.take()
    rewritten(folder, lambda body: body["parts"][0]["rows"].update(study=99))
    with pytest.raises(BrokenBackup, match="other numbers of rows"):
        kept.restore(folder)


def test_somebody_without_a_key_who_was_not_erased_stops_it(kept: Kept) -> None:
    """Seen failing with such persons passed over: they could never be read again, and nobody would have known."""
    folder = kept.take()
    store = newest_key_store(folder)
    assert store is not None
    body = json.loads(store.read_text("utf-8"))
    store.write_text(json.dumps({**body, "keys": body["keys"][1:]}), "utf-8")
    with pytest.raises(BrokenBackup, match="1 persons have no key"):
        kept.restore(folder)


def test_what_another_program_wrote_is_not_guessed_at(kept: Kept) -> None:
    """Seen failing with the number of the format not looked at, in the backup and in the key store."""
    folder = kept.take()
    store = newest_key_store(folder)
    assert store is not None
    plain = store.read_text("utf-8")
    store.write_text(json.dumps({**json.loads(plain), "format": 2}), "utf-8")
    with pytest.raises(BrokenBackup, match="this key store has format 2"):
        kept.restore(folder)
    store.write_text(plain, "utf-8")
    rewritten(folder, lambda body: body.update(format=2))
    with pytest.raises(BrokenBackup, match="this backup has format 2"):
        kept.restore(folder)


def test_a_copy_of_one_engine_is_not_loaded_into_another(kept: Kept) -> None:
    """Seen failing without the question."""
    folder = kept.take()
    rewritten(folder, lambda body: body["parts"][0].update(kind="postgresql"))
    with pytest.raises(BrokenBackup, match="was postgresql, and the settings name one of sqlite"):
        kept.restore(folder)


def test_an_older_backup_is_brought_up_to_date(kept: Kept) -> None:
    """Seen failing without it."""
    migrated: list[Databases] = []
    kept.restore(kept.take(), migrated.append)
    assert 1 == len(migrated)


def test_nothing_is_unpacked_over_something_else(kept: Kept) -> None:
    """Seen failing without the question."""
    (kept.there.instruments / "mine").mkdir(parents=True)
    with pytest.raises(BrokenBackup, match="is not empty"):
        kept.restore(kept.take())


def test_nothing_is_unpacked_outside_its_folder(kept: Kept, tmp_path: Path) -> None:
    """Seen failing with everything in an archive believed."""
    folder = kept.take()
    packed = folder / "instruments.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
    hashed = {"sha256": manifest.sha256(packed)}
    rewritten(folder, lambda body: next(one for one in body["parts"] if one["kind"] == "folder").update(hashed))
    with pytest.raises(tarfile.FilterError):
        kept.restore(folder)
    assert not (tmp_path / "outside").exists()


def test_a_backup_is_there_whole_or_not_at_all(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen failing with what was made so far left behind."""

    def full(*_words: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("app.backup.take.manifest.write", full)
    with pytest.raises(OSError, match="No space left"):
        kept.take()
    assert [] == list(kept.backups.iterdir())


@pytest.mark.parametrize("key", [None, SEALED], ids=["plain", "sealed"])
def test_only_its_owner_reads_a_backup_and_a_key_store(kept: Kept, key: bytes | None) -> None:
    """Seen failing with the mode of either left to whoever runs the program."""
    folder = kept.take(backup_key=key)
    store = newest_key_store(folder)
    assert store is not None
    files = [kept.backups, folder, *folder.iterdir(), store.parent, store]
    assert set() == {f"{file.name} {file.stat().st_mode & 0o077:o}" for file in files if file.stat().st_mode & 0o077}
