"""Taking a backup: a folder that is there whole or not at all, and the key store beside it."""

import shutil
import tarfile
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, Engine

from app.backup import key_store, manifest, parts, sealed_file
from app.backup.manifest import Manifest, Part
from app.backup.parts import DATABASES, DatabasePart
from app.config import Config
from app.db import Databases

KEY_STORES = "key-stores"
NAME = "%Y-%m-%dT%H%M%S.%fZ"


def take(config: Config, databases: Databases, to: Path, at: datetime) -> tuple[Path, Manifest]:
    """Back up everything that this process may reach into a new folder of ``to``; readable by its owner only."""
    to.mkdir(parents=True, exist_ok=True)
    to.chmod(0o700)
    made, final = to / f".{at.strftime(NAME)}.being-made", to / at.strftime(NAME)
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    try:
        found = [
            _database(getattr(databases, name).engine, name, part, made, config.backup_key)
            for name, part in DATABASES.items()
            if getattr(databases, name) is not None
        ]
        found += [_folder(name, folder, made, config.backup_key) for name, folder in _folders(config)]
        made_of = Manifest(at, version("weshare"), config.backup_key is not None, tuple(found))
        manifest.write(made, made_of, config.backup_key)
        if databases.vault is not None:
            _key_store(databases, to / KEY_STORES, at, config.backup_key)
        made.rename(final)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return final, made_of


def prune_key_stores(to: Path, keep: int) -> list[Path]:
    """Remove all but the newest key stores; which ones. Who was erased before the oldest one left is unreadable."""
    spare = sorted((to / KEY_STORES).glob("*.keys"))[:-keep]
    for file in spare:
        file.unlink()
    return spare


@dataclass(slots=True)
class _Measured:
    part: DatabasePart
    revision: str | None = None
    rows: dict[str, int] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __call__(self, connection: Connection) -> None:
        self.revision = parts.revision_of(connection)
        self.rows = parts.rows_of(connection, self.part.apart)
        self.heads = parts.heads_of(connection, self.part.chain)


def _database(engine: Engine, name: str, part: DatabasePart, folder: Path, key: bytes | None) -> Part:
    copying = parts.COPYING[engine.dialect.name]
    file, measured = folder / f"{name}.{copying.ending}", _Measured(part)
    copying.dump(engine, file, part.apart, measured)
    file = _sealed(file, name, key)
    return _part(name, engine.dialect.name, file, measured)


def _folder(name: str, source: Path, folder: Path, key: bytes | None) -> Part:
    file = folder / f"{name}.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=1) as packed:
        packed.add(source, arcname=".")
    return _part(name, "folder", _sealed(file, name, key), _Measured(DatabasePart(None)))


def _folders(config: Config) -> list[tuple[str, Path]]:
    return sorted(parts.installed_folders(config).items())


def _part(name: str, kind: str, file: Path, measured: _Measured) -> Part:
    file.chmod(0o600)
    return Part(
        name=name,
        file=file.name,
        kind=kind,
        bytes=file.stat().st_size,
        sha256=manifest.sha256(file),
        revision=measured.revision,
        rows=measured.rows,
        heads=measured.heads,
    )


def _sealed(file: Path, name: str, key: bytes | None) -> Path:
    if key is None:
        return file
    sealed = file.with_name(f"{file.name}.sealed")
    sealed_file.seal(file, sealed, key, name)
    file.unlink()
    return sealed


def _key_store(databases: Databases, folder: Path, at: datetime, key: bytes | None) -> None:
    if databases.vault is None:
        return
    with databases.vault.read() as session:
        store = key_store.collect(session, at)
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f".{at.strftime(NAME)}.being-made"
    file.touch(mode=0o600)
    key_store.write(file, store)
    finished = _sealed(file, "key-store", key)
    finished.chmod(0o600)
    finished.rename(folder / f"{at.strftime(NAME)}.keys")
