"""Professionals of the study side: who they are and the password that they sign in with."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import once, passwords
from app.accounts.models import Staff
from app.accounts.roles import ROLES
from app.errors import Refusal
from app.i18n import LANGUAGES


def add(session: Session, login: str, name: str, password: str, at: datetime, language: str | None = None) -> Staff:
    """A new professional; Refusal("login-already-taken") if somebody has that login.

    A refusal as in app/passwords.py for a password that is worth too little.
    """
    weakness = passwords.weakness(password, (login, name))
    if weakness is not None:
        raise Refusal(weakness)
    staff = Staff(
        login=login_key(login),
        name=name,
        password_hash=passwords.hash_password(password),
        language=language,
        created_at=at,
    )
    if not once.insert(session, staff):
        raise Refusal("login-already-taken")
    return staff


def is_password(session: Session, staff_id: int, password: str) -> bool:
    """Whether that is the password of a professional who is known already; it only reads, and takes its time."""
    return passwords.verify(session.get_one(Staff, staff_id).password_hash, password)


def count_failure(session: Session, staff_id: int) -> None:
    """One try more to sign in as that professional that failed."""
    session.execute(update(Staff).where(Staff.id == staff_id).values(failed_tries=Staff.failed_tries + 1))


def take_failures(session: Session, staff_id: int) -> int:
    """How many tries have failed since the last sign-in; counted anew from this one on."""
    staff = session.get_one(Staff, staff_id, with_for_update={"key_share": True})
    failed, staff.failed_tries = staff.failed_tries, 0
    return failed


def authenticate(session: Session, login: str, password: str) -> Staff | None:
    """The professional whose login and password these are; None costs the same whether the login is known or not.

    None for an account that was closed, too.

    It only reads, and takes its time: give it a session that holds no lock others wait for.
    """
    staff = session.scalar(select(Staff).where(Staff.login == login_key(login)))
    is_right = passwords.verify(staff.password_hash if staff else None, password)
    return staff if is_right and staff is not None and staff.closed_at is None else None


def find(session: Session, login: str) -> Staff | None:
    """The professional of a login."""
    return session.scalar(select(Staff).where(Staff.login == login_key(login)))


def renew_hash(session: Session, staff_id: int, password: str) -> None:
    """After a right password: hash it again if that was last done with other parameters than today's."""
    staff = session.get_one(Staff, staff_id)
    if passwords.is_outdated(staff.password_hash):
        staff.password_hash = passwords.hash_password(password)


def set_language(session: Session, staff_id: int, language: str) -> None:
    """The interface language from now on; Refusal("unknown-language") for one that is not offered."""
    if language not in LANGUAGES:
        raise Refusal("unknown-language")
    session.get_one(Staff, staff_id).language = language


def set_roles(session: Session, staff_id: int, roles: Collection[str]) -> None:
    """What the professional may do on the whole platform from now on; ValueError for any other: no page offers one."""
    if unknown := sorted(set(roles) - set(ROLES)):
        raise ValueError(f"there is no role {unknown[0]!r}")
    session.get_one(Staff, staff_id).roles = [role for role in ROLES if role in roles]


def login_key(login: str) -> str:
    """The form of a login that is kept and compared: no case, no space around it, no NUL (PostgreSQL takes none)."""
    return unicodedata.normalize("NFKC", login).casefold().strip().replace("\x00", "\ufffd")


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What some professionals are called, by id; one statement, or none where there is nobody to name."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def everybody(session: Session) -> Sequence[Staff]:
    """All professionals, by name."""
    return session.scalars(select(Staff).order_by(Staff.name, Staff.id)).all()


def change_password(session: Session, staff_id: int, password: str, words: Collection[str] = ()) -> None:
    """From now on this password; a refusal as in app/passwords.py if it is worth too little.

    ``words``: what others know of the professional besides login and name, such as the codes of the studies.
    """
    staff = session.get_one(Staff, staff_id)
    weakness = passwords.weakness(password, (staff.login, staff.name, *words))
    if weakness is not None:
        raise Refusal(weakness)
    staff.password_hash = passwords.hash_password(password)
