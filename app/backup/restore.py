"""Restoring: every file is checked before anything is touched, only empty places are filled, the result is proved."""

import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.backup import key_store, manifest, parts, sealed_file
from app.backup.key_store import KeyStore
from app.backup.manifest import BrokenBackup, Manifest, Part
from app.backup.parts import COPYING, DATABASES
from app.backup.sealed_file import Unreadable
from app.chain import guards
from app.chain.links import Head
from app.chain.verify import verify
from app.config import Config
from app.db import Database, Databases
from app.identity import identities, ledger
from app.identity.models import Person, PersonKey

SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Restored:
    """What was proved after the restore. ``opened``: identities of the sample that could be read."""

    rows: Mapping[str, int]
    entries: Mapping[str, int]
    opened: int
    forgotten: int


def restore(
    config: Config, databases: Databases, folder: Path, keys: Path | None, migrate: Callable[[Databases], None]
) -> Restored:
    """Fill the empty databases and folders of the settings; BrokenBackup says what is wrong, if possible beforehand.

    ``keys``: the key store for the vault, the newest there is. ``migrate``: how an older backup is brought up to date.
    """
    found = manifest.read(folder, config.backup_key)
    wanted = {name: getattr(databases, name) for name in DATABASES if getattr(databases, name) is not None}
    store = _key_store(found, keys, config.backup_key) if "vault" in wanted else None
    _check_places(found, wanted)
    for part in found.parts:
        with _plain(folder / part.file, part.name, config.backup_key, sealed=found.sealed) as file:
            _load(part, file, config, wanted)
    proofs = {name: _proved(name, database, found) for name, database in wanted.items()}
    migrate(databases)
    for name, database in wanted.items():
        _guard(database, DATABASES[name].chain)
    opened, forgotten = _give_keys(wanted["vault"], store) if store is not None else (0, 0)
    rows, entries = ({name: proof[number] for name, proof in proofs.items()} for number in (0, 1))
    return Restored(rows, entries, opened, forgotten)


def _load(part: Part, file: Path, config: Config, wanted: Mapping[str, Database]) -> None:
    if part.kind == "folder":
        target = getattr(config, part.name, None)
        if isinstance(target, Path):
            _unpack(file, target)
    elif part.name in wanted:
        COPYING[part.kind].load(wanted[part.name].engine, file)


def _unpack(file: Path, target: Path) -> None:
    if target.exists() and any(target.iterdir()):
        raise BrokenBackup(f"{target} is not empty")
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(file, "r:gz") as packed:
        # Nothing outside the folder, no links out of it, no devices.
        packed.extractall(target, filter="data")


def _check_places(found: Manifest, wanted: Mapping[str, Database]) -> None:
    for name, database in wanted.items():
        part, kind = found.part(name), database.engine.dialect.name
        if kind == "sqlite":
            Path(database.engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        if part is None:
            raise BrokenBackup(f"there is no {name} database in this backup")
        if part.kind != kind:
            raise BrokenBackup(f"the {name} database was {part.kind}, and the settings name one of {kind}")
        with database.engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise BrokenBackup(f"the {name} database of the settings is not empty: restore into an empty one")


def _key_store(found: Manifest, keys: Path | None, key: bytes | None) -> KeyStore:
    if keys is None:
        raise BrokenBackup("the vault needs a key store: without one nobody in it can be read")
    try:
        with _plain(keys, "key-store", key, sealed=found.sealed) as file:
            store = key_store.read(file)
    except Unreadable as problem:
        raise BrokenBackup(str(problem)) from None
    if store.made_at < found.made_at:
        raise BrokenBackup("the key store is older than the backup: take the newest one that there is")
    return store


@contextmanager
def _plain(file: Path, name: str, key: bytes | None, *, sealed: bool) -> Iterator[Path]:
    """The file itself, or what was sealed in it for as long as it is needed."""
    if not sealed or key is None:
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / file.name.removesuffix(".sealed")
        sealed_file.unseal(file, plain, key, name)
        yield plain


def _proved(name: str, database: Database, found: Manifest) -> tuple[int, int]:
    """How many rows and how many chained entries there are, all of which were compared with the manifest."""
    part, spec = found.part(name), DATABASES[name]
    with database.engine.connect() as connection:
        rows = parts.rows_of(connection, spec.apart)
        if part is None or rows != part.rows:
            raise BrokenBackup(f"the {name} database has other numbers of rows than the backup says")
        if spec.chain is None:
            return sum(rows.values()), 0
        kept = {int(stream): [Head(*head)] for stream, head in part.heads.items()}
        proof = verify(connection, spec.chain, kept)
    if proof.breaks:
        broken = proof.breaks[0]
        raise BrokenBackup(f"{name}: stream {broken.stream}, entry {broken.number}: {broken.what}")
    return sum(rows.values()), proof.entries


def _guard(database: Database, chain: str | None) -> None:
    if chain is not None:
        with database.engine.execution_options(writes=True).begin() as connection:
            guards.install(connection, chain)


def _give_keys(vault: Database, store: KeyStore) -> tuple[int, int]:
    with vault.write() as session:
        _keys, forgotten = key_store.give_back(session, store)
        missing = key_store.without_key(session)
        if missing:
            raise BrokenBackup(f"{missing} persons have no key in the key store and were not erased")
        opened = _open_sample(session)
        ledger.record(session, store.made_at, "operator", "vault.restored", "vault", {"forgotten": forgotten})
        session.commit()
    return opened, forgotten


def _open_sample(session: Session) -> int:
    """Read some identities, evenly spread: whatever cannot be trusted or opened ends the restore."""
    numbers = session.scalars(select(PersonKey.person_id).order_by(PersonKey.person_id)).all()
    step = max(1, len(numbers) // SAMPLE)
    for number in numbers[::step]:
        identities.read(session, session.get_one(Person, number))
    return len(numbers[::step])
