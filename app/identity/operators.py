"""Those who work for the trusted third party: their passwords and the keys that their browsers hold."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import once, passwords
from app.errors import Refusal
from app.identity.sign_in_models import Operator, OperatorSignIn

KEY_BYTES = 32
# They see identities: a screen that is left alone closes sooner than elsewhere.
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=4)
HALF_WAY = timedelta(minutes=15)
"""How long one may look for one's telephone."""


def add(session: Session, login: str, name: str, password: str, at: datetime) -> Operator:
    """A new operator; Refusal("login-already-taken") if somebody has that login.

    A refusal as in app/passwords.py for a password that is worth too little.
    """
    weakness = passwords.weakness(password, (login, name))
    if weakness is not None:
        raise Refusal(weakness)
    hashed = passwords.hash_password(password)
    operator = Operator(login=login_key(login), name=name, password_hash=hashed, created_at=at)
    if not once.insert(session, operator):
        raise Refusal("login-already-taken")
    return operator


def login_key(login: str) -> str:
    """The form of a login that is compared."""
    return login.strip().casefold().replace("\x00", "\ufffd")


def authenticate(session: Session, login: str, password: str) -> Operator | None:
    """The operator whose login and password these are; None costs the same whether the login is known or not.

    None for an account that was closed, too.

    It only reads, and takes its time: give it a session that holds no lock others wait for.
    """
    operator = by_login(session, login)
    is_right = passwords.verify(operator.password_hash if operator else None, password)
    return operator if is_right and operator is not None and operator.closed_at is None else None


def is_password(session: Session, operator_id: int, password: str) -> bool:
    """Whether that is the password of an operator who is known already; it only reads, and takes its time."""
    return passwords.verify(session.get_one(Operator, operator_id).password_hash, password)


@dataclass(frozen=True, slots=True)
class Held:
    """Whose key that is; ``is_half``: the second factor was not given yet."""

    operator: int
    is_half: bool


def change_password(session: Session, operator_id: int, password: str) -> None:
    """From now on this password; a refusal as in app/passwords.py if it is worth too little."""
    operator = session.get_one(Operator, operator_id)
    weakness = passwords.weakness(password, (operator.login, operator.name))
    if weakness is not None:
        raise Refusal(weakness)
    operator.password_hash = passwords.hash_password(password)


def count_failure(session: Session, operator_id: int) -> None:
    """One try more to sign in as that operator that failed."""
    mine = update(Operator).where(Operator.id == operator_id)
    session.execute(mine.values(failed_tries=Operator.failed_tries + 1))


def take_failures(session: Session, operator_id: int) -> int:
    """How many tries have failed since the last sign-in; counted anew from this one on."""
    operator = session.get_one(Operator, operator_id, with_for_update={"key_share": True})
    failed, operator.failed_tries = operator.failed_tries, 0
    return failed


def open_sign_in(
    session: Session, operator_id: int, at: datetime, *, is_half: bool = False, browser: str | None = None
) -> str:
    """A new sign-in, or half of one that leads to the second factor alone; the raw key, which is nowhere else."""
    key = secrets.token_urlsafe(KEY_BYTES)
    session.add(
        OperatorSignIn(
            key_hash=hash_of(key),
            operator_id=operator_id,
            browser=browser,
            is_half=is_half,
            seen_at=at,
            expires_at=at + (HALF_WAY if is_half else ABSOLUTE),
            ended_at=None,
        )
    )
    session.flush()
    return key


def find(session: Session, key: str, at: datetime) -> Held | None:
    """Who holds that key; None if it was never given out, has ended, or is idle or too old."""
    valid = (
        select(OperatorSignIn.operator_id, OperatorSignIn.is_half)
        .join_from(OperatorSignIn, Operator)
        .where(
            # Opened in the very instant in which the account was closed.
            Operator.closed_at.is_(None),
            OperatorSignIn.key_hash == hash_of(key),
            OperatorSignIn.ended_at.is_(None),
            OperatorSignIn.expires_at > at,
            OperatorSignIn.seen_at > at - IDLE,
        )
    )
    row = session.execute(valid).one_or_none()
    return None if row is None else Held(row.operator_id, row.is_half)


def touch(session: Session, key: str, at: datetime) -> None:
    """Note that the sign-in is in use."""
    mine = update(OperatorSignIn).where(OperatorSignIn.key_hash == hash_of(key), OperatorSignIn.seen_at < at)
    session.execute(mine.values(seen_at=at))


def names(session: Session) -> dict[int, str]:
    """What each operator is called, by number."""
    return {row.id: row.name for row in session.execute(select(Operator.id, Operator.name))}


def everybody(session: Session) -> Sequence[Operator]:
    """All operators, by name."""
    return session.scalars(select(Operator).order_by(Operator.name, Operator.id)).all()


def hold_all(session: Session) -> None:
    """Nobody else changes an operator's account until this transaction ends; they are as they are by then."""
    # Not against new sign-ins, which only refer to a row: those wait for the ledger, which this caller has already.
    all_of_them = select(Operator).order_by(Operator.id).with_for_update(key_share=True)
    session.scalars(all_of_them.execution_options(populate_existing=True)).all()


def end(session: Session, key: str, at: datetime) -> None:
    """Sign out: the key is worth nothing from now on."""
    mine = update(OperatorSignIn).where(OperatorSignIn.key_hash == hash_of(key), OperatorSignIn.ended_at.is_(None))
    session.execute(mine.values(ended_at=at))


def end_all(session: Session, operator_id: int, at: datetime) -> None:
    """Sign an operator out everywhere."""
    held = (OperatorSignIn.operator_id == operator_id, OperatorSignIn.ended_at.is_(None))
    session.execute(update(OperatorSignIn).where(*held).values(ended_at=at))


def by_login(session: Session, login: str) -> Operator | None:
    """The operator of a login."""
    return session.scalar(select(Operator).where(Operator.login == login_key(login)))


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
