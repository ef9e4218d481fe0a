"""The key of each person: made with the person, kept wrapped by a master key, destroyed to erase the person."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, delete, select, text
from sqlalchemy.orm import Session

from app.db import VAULT_KEYS
from app.identity import sealing
from app.identity.models import PersonKey
from app.vault_keys import VaultKeys


class NoKey(LookupError):
    """The person's key is not there: the person was erased, or a restored vault lacks its key store."""


class UnknownMasterKey(LookupError):
    """A person's key is wrapped by a master key that this process was not given."""

    def __init__(self, number: int) -> None:
        super().__init__(f"the vault needs master key {number}, which is not among WESHARE_VAULT_MASTER_KEYS")
        self.number = number


def keys_of(session: Session) -> VaultKeys:
    """The vault's keys that the session carries; RuntimeError if it was not opened on a vault with its keys."""
    keys = session.info.get(VAULT_KEYS)
    if not isinstance(keys, VaultKeys):
        raise RuntimeError("this session carries no keys of the vault")
    return keys


def make(session: Session, person_id: int, at: datetime) -> bytes:
    """A key for somebody who has none yet."""
    key = sealing.new_key()
    keys = keys_of(session)
    session.add(
        PersonKey(
            person_id=person_id,
            master_key=keys.newest,
            wrapped=wrap(keys, person_id, keys.newest, key),
            made_at=at,
        )
    )
    session.flush()
    return key


def of(session: Session, person_id: int) -> bytes:
    """The person's key, unwrapped, to open something; NoKey if it was destroyed."""
    return _opened(session, person_id, select(PersonKey).where(PersonKey.person_id == person_id))


def of_all(session: Session, people: Collection[int]) -> dict[int, bytes]:
    """The keys of many, unwrapped, to open something; one statement. Whose key was destroyed is left out."""
    keys = keys_of(session)
    rows = session.scalars(select(PersonKey).where(PersonKey.person_id.in_(people)))
    return {row.person_id: unwrap(keys, row) for row in rows}


def for_sealing(session: Session, person_id: int) -> bytes:
    """The same, to seal something: nobody renews or destroys the key before this transaction ends."""
    held = select(PersonKey).where(PersonKey.person_id == person_id).with_for_update(read=True)
    return _opened(session, person_id, held.execution_options(populate_existing=True))


def _opened(session: Session, person_id: int, asked: Select[PersonKey]) -> bytes:
    row = session.scalar(asked)
    if row is None:
        raise NoKey(f"person {person_id} has no key")
    return unwrap(keys_of(session), row)


def wrap(keys: VaultKeys, person_id: int, master_key: int, key: bytes) -> bytes:
    """A person's key as it is kept."""
    return sealing.seal(keys.masters[master_key], key, _place(person_id, master_key))


def unwrap(keys: VaultKeys, row: PersonKey) -> bytes:
    """A kept key as it is used; sealing.Tampered if it is another person's or was changed."""
    if row.master_key not in keys.masters:
        raise UnknownMasterKey(row.master_key)
    return sealing.unseal(keys.masters[row.master_key], row.wrapped, _place(row.person_id, row.master_key))


def destroy(session: Session, person_id: int) -> None:
    """From now on nobody reads what this key has sealed, wherever copies of it lie."""
    if session.get_bind().dialect.name == "sqlite":
        # The freed page is overwritten; otherwise the key would stay in the file until somebody needs the room.
        session.execute(text("PRAGMA secure_delete = ON"))
    session.execute(delete(PersonKey).where(PersonKey.person_id == person_id))


def _place(person_id: int, master_key: int) -> str:
    return f"person_key.wrapped/{person_id}/{master_key}"
