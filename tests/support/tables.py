"""Real tables in a file of the test's own, for services that are tested without the web."""

from collections.abc import Callable
from pathlib import Path

from app.accounts import models as accounts
from app.announcements import models as announcements
from app.audit import models as audit
from app.db import Database, Databases, StudyBase, VaultBase, engine_for, vault_database
from app.identity import models as identity
from app.identity import sign_in_models
from app.notices import models as notices
from app.participants import models as participants
from app.responses import models as responses
from app.studies import models as studies
from tests.support.keys import VAULT_KEYS

# Foreign keys lead from one feature's tables to another's: all must be known before any is made.
STUDY_MODELS = (accounts, announcements, audit, notices, participants, responses, studies)
VAULT_MODELS = (identity, sign_in_models)


def study_tables(folder: Path) -> Database:
    """The study side's tables, empty."""
    return _made(StudyBase, folder / "study.sqlite")


def vault_tables(folder: Path) -> Database:
    """The vault's tables, empty."""
    return vault_database(_made(VaultBase, folder / "vault.sqlite").engine, VAULT_KEYS)


def _made(base: type[StudyBase] | type[VaultBase], file: Path) -> Database:
    engine = engine_for(f"sqlite:///{file}")
    base.metadata.create_all(engine)
    return Database(engine)


def connected(url_of: Callable[[str], str]) -> Databases:
    """The three databases at these addresses, the vault with the keys of the tests."""
    return Databases(
        study=Database(engine_for(url_of("study"))),
        vault=vault_database(engine_for(url_of("vault")), VAULT_KEYS),
        warehouse=Database(engine_for(url_of("warehouse"))),
    )
