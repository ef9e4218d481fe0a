"""The three databases: their declarative bases, engines and sessions, and instants that are always aware UTC.

No foreign key can lead from one base to another: they do not share metadata.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, Engine, MetaData, Table, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app.config import Config
from app.vault_keys import VaultKeys

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 15_000
VAULT_KEYS = "vault keys"
"""Where a session of the vault carries its keys, among its ``info``."""


class StudyBase(DeclarativeBase):
    """Tables of the study side: pseudonyms, protocols, answers, scores."""

    metadata = MetaData(naming_convention=CONVENTION)


class VaultBase(DeclarativeBase):
    """Tables of the trusted third party: identities and who they are on the other side."""

    metadata = MetaData(naming_convention=CONVENTION)


class WarehouseBase(DeclarativeBase):
    """Tables of the health data warehouse."""

    metadata = MetaData(naming_convention=CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive datetime is refused because nobody can say which instant it is."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL keeps the zone; SQLite keeps naive UTC text."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; naive for a dialect that stores no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back as aware UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def table(model: type[DeclarativeBase]) -> Table:
    """A model's table, for statements of every request: plain rows cost half of what objects watched for changes do."""
    return cast(Table, model.__table__)


@dataclass(frozen=True, slots=True)
class Database:
    """One engine, and the two kinds of session that the edges open on it."""

    engine: Engine
    carried: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What every session carries in its ``info``: the vault's keys, and nothing on the other sides."""

    def read(self) -> Session:
        """A session that is not going to write."""
        return Session(self.engine, info=dict(self.carried))

    def write(self) -> Session:
        """A session that takes SQLite's write lock at once, so that it waits its turn instead of failing half-way."""
        return Session(self.engine.execution_options(writes=True), info=dict(self.carried))


@dataclass(frozen=True, slots=True)
class Databases:
    """The databases this process may reach; None where it has no business."""

    study: Database | None
    vault: Database | None
    warehouse: Database | None

    def close(self) -> None:
        """Give every connection back, as after a fork or at the end."""
        for database in (self.study, self.vault, self.warehouse):
            if database is not None:
                database.engine.dispose()


def connect(config: Config) -> Databases:
    """Engines for the databases that the configuration names; nothing is opened yet."""
    return Databases(
        study=_database(config.study_database),
        vault=_vault(config),
        warehouse=_database(config.warehouse_database),
    )


def engine_for(url: str) -> Engine:
    """An engine on SQLite (WAL, foreign keys on, every commit on disk) or PostgreSQL (psycopg 3)."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        turn = _Turn()
        event.listen(engine, "begin", turn.begin)
        event.listen(engine, "checkin", turn.end)
        return engine
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=8)


def _database(url: str | None) -> Database | None:
    return None if url is None else Database(engine_for(url))


def _vault(config: Config) -> Database | None:
    if config.vault_database is None:
        return None
    return vault_database(engine_for(config.vault_database), config.vault_keys)


def vault_database(engine: Engine, keys: VaultKeys | None) -> Database:
    """The vault, with the keys that its sessions carry; without keys it can be counted and migrated, not read."""
    return Database(engine, {} if keys is None else {VAULT_KEYS: keys})


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling starts too late for reads; we begin explicitly below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged answer is on the disk, whatever happens to the machine.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


_Notes = dict[object, bool]  # what the pool keeps beside each connection, even a broken one


class _Turn:
    """Whose turn it is to write to one SQLite file, among the threads of this process.

    SQLite itself lets one write at a time, but those who wait only look again after a nap, and the naps get longer.
    Here they stand in line and are woken; what is left to SQLite's own lock is the few other processes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction, at the front of the line if it is going to write."""
        if not connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        notes = cast(_Notes, connection.connection.record_info)
        if not notes.get(self):
            # Whoever waits in vain goes on to SQLite's lock, whose refusal is the one that everybody understands.
            notes[self] = self._lock.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        """The connection is given back, so its transaction is over, however it ended."""
        if cast(_Notes, record.record_info).pop(self, False):
            self._lock.release()
