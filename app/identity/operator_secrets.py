"""What is kept of operators and is nobody else's business: wrapped by the vault's master key, each in its own row."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import person_keys, sealing
from app.identity.sign_in_models import OperatorContact, OperatorFactor
from app.vault_keys import VaultKeys

Row = OperatorFactor | OperatorContact
WRAPPED: tuple[type[Row], ...] = (OperatorFactor, OperatorContact)


def wrap(keys: VaultKeys, row: Row, secret: str) -> None:
    """Put a secret into a row that has its owner, under the newest master key."""
    row.master_key = keys.newest
    row.wrapped = sealing.seal(keys.masters[keys.newest], secret.encode(), _place(row))


def unwrap(keys: VaultKeys, row: Row) -> str:
    """The secret; KeyError where its master key is not there, sealing.Tampered where it is not this row's."""
    return sealing.unseal(keys.masters[row.master_key], row.wrapped, _place(row)).decode()


def rewrap(session: Session) -> None:
    """Wrap every secret by the newest master key; person_keys.UnknownMasterKey where an older one is not there."""
    keys = person_keys.keys_of(session)
    for model in WRAPPED:
        older = select(model).where(model.master_key != keys.newest).with_for_update()
        for row in cast(Sequence[Row], session.scalars(older).all()):
            if row.master_key not in keys.masters:
                raise person_keys.UnknownMasterKey(row.master_key)
            wrap(keys, row, unwrap(keys, row))


def _place(row: Row) -> str:
    return f"{row.__tablename__}.wrapped/{row.operator_id}/{row.master_key}"
