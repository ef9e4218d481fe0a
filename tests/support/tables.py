"""Databases that have all their tables and no row: made once in a test process, then copied by each test."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from app.accounts import models as accounts
from app.announcements import models as announcements
from app.audit import models as audit
from app.consents import models as consents
from app.db import Database, Databases, StudyBase, VaultBase, WarehouseBase, engine_for, vault_database
from app.identity import models as identity
from app.identity import sign_in_models
from app.licences import models as licences
from app.notices import models as notices
from app.participants import models as participants
from app.responses import models as responses
from app.rights import models as rights
from app.studies import models as studies
from app.warehouse import models as warehouse
from tests.support import postgres
from tests.support.keys import VAULT_KEYS
from tests.support.postgres import Fresh

# Foreign keys lead from one feature's tables to another's: all must be known before any is made.
STUDY_MODELS = (accounts, announcements, audit, consents, licences, notices, participants, responses, rights, studies)
VAULT_MODELS = (identity, sign_in_models)
WAREHOUSE_MODELS = (warehouse,)
BASES = {"study": StudyBase, "vault": VaultBase, "warehouse": WarehouseBase}


def create_tables(databases: Databases) -> None:
    """All tables as the models say; that the migrations say the same is tested in tests/migrations."""
    for name, base in BASES.items():
        base.metadata.create_all(getattr(databases, name).engine)


def files(folder: Path) -> Fresh:
    """A name of BASES -> the address of a SQLite file in this folder that has the tables of that database."""

    def copied(name: str) -> str:
        file = folder / f"{name}.sqlite"
        file.write_bytes(_file(name))
        return f"sqlite:///{file}"

    return copied


@contextmanager
def databases(server_url: str) -> Iterator[Fresh]:
    """The same on a running PostgreSQL: a copy of a template takes a tenth of the time that the statements take."""
    with postgres.databases(server_url, lambda name: _template(server_url, name)) as copied:
        yield copied


def study_tables(folder: Path) -> Database:
    """The study side's tables, empty, in a file of the test's own."""
    return Database(engine_for(files(folder)("study")))


def vault_tables(folder: Path) -> Database:
    """The vault's tables, empty, in a file of the test's own."""
    return vault_database(engine_for(files(folder)("vault")), VAULT_KEYS)


def connected(url_of: Callable[[str], str]) -> Databases:
    """The three databases at these addresses, the vault with the keys of the tests."""
    return Databases(
        study=Database(engine_for(url_of("study"))),
        vault=vault_database(engine_for(url_of("vault")), VAULT_KEYS),
        warehouse=Database(engine_for(url_of("warehouse"))),
    )


@cache
def _file(name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="weshare-tables-") as folder:
        file = Path(folder) / "made.sqlite"
        _make(name, f"sqlite:///{file}")
        return file.read_bytes()


@cache
def _template(server_url: str, name: str) -> str:
    template = f"template_{name}"
    _make(name, postgres.create(server_url, template))
    return template


def _make(name: str, url: str) -> None:
    engine = engine_for(url)
    BASES[name].metadata.create_all(engine)
    engine.dispose()  # a file is whole and a template can be copied only when nobody is connected
