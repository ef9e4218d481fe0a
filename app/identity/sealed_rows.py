"""Which columns of the vault are sealed, and how a value in them is bound to its place.

A new sealed column needs a row here: rotation, erasure and the tests walk this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.db import VaultBase
from app.identity import sealing
from app.identity.models import AddressChange, MailboxMessage, Person
from app.identity.sign_in_models import PersonFactor, PersonPasskey


@dataclass(frozen=True, slots=True)
class SealedTable:
    """``columns`` without their ending ``_sealed``; ``owner``: whose key; ``row``: what names a row for ever.

    ``revision``: the column that counts how often the row was sealed, where it can change.
    """

    columns: tuple[str, ...]
    owner: str
    row: Callable[[Any], str]
    revision: str | None = None


SEALED: Mapping[type[VaultBase], SealedTable] = {
    Person: SealedTable(
        ("email", "given_name", "family_name", "phone", "birth_date", "postal_address", "password_hash"),
        "id",
        lambda person: f"{person.id}/{person.revision}",
        "revision",
    ),
    MailboxMessage: SealedTable(("subject", "text", "address"), "person_id", lambda message: message.message_id),
    AddressChange: SealedTable(("email",), "person_id", lambda change: change.token_hash),
    PersonFactor: SealedTable(("secret",), "person_id", lambda factor: f"{factor.person_id}"),
    PersonPasskey: SealedTable(("name",), "person_id", lambda passkey: passkey.handle),
}


def read(row: VaultBase, column: str, key: bytes) -> str | None:
    """A sealed value in clear; None where there is none. sealing.Tampered if it cannot be trusted."""
    sealed = getattr(row, f"{column}_sealed")
    return None if sealed is None else sealing.unseal(key, sealed, _place(row, column)).decode()


def write(row: VaultBase, column: str, key: bytes, value: str | None) -> None:
    """Seal a value for where it stands now: after this, nothing that names the row may change."""
    sealed = None if value is None else sealing.seal(key, value.encode(), _place(row, column))
    setattr(row, f"{column}_sealed", sealed)


def read_all(row: VaultBase, key: bytes) -> dict[str, str | None]:
    """Every sealed value of a row."""
    return {column: read(row, column, key) for column in SEALED[type(row)].columns}


def write_all(row: VaultBase, key: bytes, values: Mapping[str, str | None]) -> None:
    """Seal every value of a row."""
    for column in SEALED[type(row)].columns:
        write(row, column, key, values[column])


def reseal(row: VaultBase, old: bytes, new: bytes) -> None:
    """Seal everything in a row again, under another key."""
    values, counted = read_all(row, old), SEALED[type(row)].revision
    if counted is not None:
        setattr(row, counted, getattr(row, counted) + 1)
    write_all(row, new, values)


def _place(row: VaultBase, column: str) -> str:
    return f"{row.__tablename__}.{column}/{SEALED[type(row)].row(row)}"
