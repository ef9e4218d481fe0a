"""Where an operator is written to at work: an address counts once a code that was mailed to it has come back."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import mailed_codes, once
from app.errors import Refusal
from app.identity import operator_secrets, person_keys
from app.identity.sign_in_models import OperatorContact


@dataclass(frozen=True, slots=True)
class Addresses:
    """The one in use, the one that waits for its code, and the one of before until it was told."""

    address: str | None = field(default=None, repr=False)
    pending: str | None = field(default=None, repr=False)
    former: str | None = field(default=None, repr=False)


def of(session: Session, operator_id: int) -> Addresses:
    """What is kept; nothing of somebody who has given none."""
    row = session.get(OperatorContact, operator_id)
    return Addresses() if row is None else _read(session, row)


def those_reachable(session: Session) -> frozenset[int]:
    """Everybody with a confirmed address."""
    confirmed = select(OperatorContact.operator_id).where(OperatorContact.confirmed_at.is_not(None))
    return frozenset(session.scalars(confirmed))


def give(session: Session, operator_id: int, address: str, language: str) -> None:
    """An address that waits to be confirmed; one confirmed before stays until then. Refusal("address-unreadable")."""
    address = address.strip()
    if not mailed_codes.is_address(address):
        raise Refusal("address-unreadable")
    row = _kept(session, operator_id, language)
    row.language, row.code_hash, row.code_made_at = language, None, None
    _write(session, row, replace(_read(session, row), pending=address))


def make_code(session: Session, operator_id: int, at: datetime) -> str | None:
    """A new code in place of any before, which is nowhere else; None where no address waits for one."""
    row = _locked(session, operator_id)
    if row is None or _read(session, row).pending is None:
        return None
    code = mailed_codes.fresh()
    row.code_hash, row.code_made_at = mailed_codes.hashed(operator_id, code), at
    session.flush()
    return code


def confirm(session: Session, operator_id: int, code: str, at: datetime) -> bool:
    """The address counts from now on; True if it takes the place of another one, which is to be told.

    Refusal("code-wrong") if this is not the code, "code-dead" if none waits or it is too old.
    """
    row = _locked(session, operator_id)
    if row is None:
        raise Refusal("code-dead")
    flaw = mailed_codes.flaw(operator_id, code, row.code_hash, row.code_made_at, at)
    if flaw is not None:
        raise Refusal(flaw)
    held = _read(session, row)
    is_another = held.address is not None and held.address != held.pending
    row.confirmed_at, row.code_hash, row.code_made_at = at, None, None
    _write(session, row, Addresses(held.pending, None, held.address if is_another else held.former))
    return is_another


def forget(session: Session, operator_id: int) -> bool:
    """No address, and so no letter, any more; True if there is one that is to be told of it."""
    row = _locked(session, operator_id)
    if row is None:
        return False
    held = _read(session, row)
    row.confirmed_at = row.code_hash = row.code_made_at = None
    _write(session, row, Addresses(None, None, held.address or held.former))
    return held.address is not None


def forget_former(session: Session, operator_id: int) -> None:
    """The address of before has been told, or cannot be."""
    row = _locked(session, operator_id)
    if row is not None:
        _write(session, row, replace(_read(session, row), former=None))


def forget_all(session: Session, operator_id: int) -> None:
    """Nothing is kept, and nobody told: the account is closed."""
    row = _locked(session, operator_id)
    if row is not None:
        session.delete(row)
        session.flush()


def language_of(session: Session, operator_id: int) -> str:
    """In which language an operator with an address is written to."""
    return session.get_one(OperatorContact, operator_id).language


def _kept(session: Session, operator_id: int, language: str) -> OperatorContact:
    row = _locked(session, operator_id)
    if row is not None:
        return row
    fresh = OperatorContact(operator_id=operator_id, language=language)
    operator_secrets.wrap(person_keys.keys_of(session), fresh, json.dumps(asdict(Addresses())))
    if once.insert(session, fresh):
        return fresh
    return session.get_one(OperatorContact, operator_id)


def _locked(session: Session, operator_id: int) -> OperatorContact | None:
    return session.get(OperatorContact, operator_id, with_for_update=True)


def _read(session: Session, row: OperatorContact) -> Addresses:
    return Addresses(**json.loads(operator_secrets.unwrap(person_keys.keys_of(session), row)))


def _write(session: Session, row: OperatorContact, addresses: Addresses) -> None:
    operator_secrets.wrap(person_keys.keys_of(session), row, json.dumps(asdict(addresses)))
    session.flush()
