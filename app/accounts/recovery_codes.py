"""Codes on paper that take the place of the authenticator app, each once; kept as hashes, shown when they are made."""

import hashlib
import secrets
from base64 import b32encode
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import StaffRecoveryCode

COUNT = 10
CODE_BYTES = 15
"""120 bits: too many to be found from a hash without salt (ASVS 6.5.2 asks for 112)."""
GROUP = 4


def renew(session: Session, staff_id: int, at: datetime) -> list[str]:
    """New codes in place of all earlier ones, as they are written down: ``abcd-efgh-ijkl-mnop-qrst-uvwx``."""
    forget(session, staff_id)
    codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(COUNT)]
    session.add_all(StaffRecoveryCode(code_hash=_hash(code), staff_id=staff_id, made_at=at) for code in codes)
    session.flush()
    return ["-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP)) for code in codes]


def use(session: Session, staff_id: int, code: str, at: datetime) -> bool:
    """True if this is a code of that professional that was not used before; it is used up by this."""
    mine = (StaffRecoveryCode.staff_id == staff_id, StaffRecoveryCode.code_hash == _hash(_plain(code)))
    used = session.execute(
        update(StaffRecoveryCode).where(*mine, StaffRecoveryCode.used_at.is_(None)).values(used_at=at)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def left(session: Session, staff_id: int) -> int:
    """How many have not been used yet."""
    unused = (StaffRecoveryCode.staff_id == staff_id, StaffRecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).where(*unused)) or 0


def forget(session: Session, staff_id: int) -> None:
    """No code works any longer."""
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.staff_id == staff_id))


def _plain(code: str) -> str:
    """As it was made: without the marks and the capitals that people add."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
