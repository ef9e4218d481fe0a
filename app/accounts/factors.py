"""The second factor of professionals: codes of an authenticator app (TOTP, RFC 6238), each taken once."""

import hmac
import secrets
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import StaffFactor

ISSUER = "WeShare"
STEP_S = 30
NONCE_BYTES = 12
# A telephone's clock may be one step off, before or after (RFC 6238, section 5.2).
STEPS_AROUND = (-1, 0, 1)


class UnreadableFactor(Exception):
    """The secret was sealed with another secret key, or belongs to somebody else: it must be set up anew."""


def is_set_up(session: Session, staff_id: int) -> bool:
    """Whether the professional has a second factor in use."""
    return _confirmed(session, staff_id) is not None


def those_set_up(session: Session) -> frozenset[int]:
    """The professionals with a second factor in use."""
    return frozenset(session.scalars(select(StaffFactor.staff_id).where(StaffFactor.confirmed_at.is_not(None))))


def begin(session: Session, key: bytes, staff_id: int, at: datetime) -> str:
    """A secret for an authenticator app, in base32; not in use before ``confirm``. The same until then.

    A factor that is in use stays as it is and this is refused by ValueError: it is taken away first.
    """
    row = session.get(StaffFactor, staff_id)
    if row is not None and row.confirmed_at is not None:
        raise ValueError(f"staff {staff_id} has a second factor in use")
    if row is not None:
        try:
            return _unsealed(key, row)
        except UnreadableFactor:
            session.delete(row)
            session.flush()
    secret = pyotp.random_base32()
    session.add(StaffFactor(staff_id=staff_id, secret_sealed=_sealed(key, staff_id, secret), last_step=0, made_at=at))
    session.flush()
    return secret


def address(secret: str, login: str) -> str:
    """What the QR code says to the app: an otpauth address with the secret and whose it is."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def confirm(session: Session, key: bytes, staff_id: int, code: str, at: datetime) -> bool:
    """Take the factor into use if the app shows its code; from then on every sign-in asks for one."""
    row = session.get(StaffFactor, staff_id)
    if row is None or row.confirmed_at is not None or not _take(session, key, row, code, at):
        return False
    session.execute(update(StaffFactor).where(StaffFactor.staff_id == staff_id).values(confirmed_at=at))
    return True


def prove(session: Session, key: bytes, staff_id: int, code: str, at: datetime) -> bool:
    """True if this is a code of the app for now that was not taken before, by anybody who looks over a shoulder."""
    row = _confirmed(session, staff_id)
    return row is not None and _take(session, key, row, code, at)


def drop(session: Session, staff_id: int) -> None:
    """The factor is lost or given up; the next sign-in asks for a new one."""
    session.execute(delete(StaffFactor).where(StaffFactor.staff_id == staff_id))


def _confirmed(session: Session, staff_id: int) -> StaffFactor | None:
    held = (StaffFactor.staff_id == staff_id, StaffFactor.confirmed_at.is_not(None))
    return session.scalar(select(StaffFactor).where(*held))


def _take(session: Session, key: bytes, row: StaffFactor, code: str, at: datetime) -> bool:
    step = _step_of(_unsealed(key, row), code, at)
    if step is None:
        return False
    # Only forward: whoever comes second with the same code, at the same instant too, finds the step taken.
    free = (StaffFactor.staff_id == row.staff_id, StaffFactor.last_step < step)
    taken = session.execute(update(StaffFactor).where(*free).values(last_step=step))
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The half minute whose code this is, around now; all are compared, in the same time for each code."""
    typed = "".join(code.split()).encode()
    totp, now = pyotp.TOTP(secret, interval=STEP_S), int(at.timestamp()) // STEP_S
    fitting = [
        now + around for around in STEPS_AROUND if hmac.compare_digest(totp.generate_otp(now + around).encode(), typed)
    ]
    return max(fitting, default=None)


def _sealed(key: bytes, staff_id: int, secret: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), _place(staff_id))


def _unsealed(key: bytes, row: StaffFactor) -> str:
    nonce, rest = row.secret_sealed[:NONCE_BYTES], row.secret_sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, rest, _place(row.staff_id)).decode()
    except InvalidTag:
        raise UnreadableFactor(f"the second factor of staff {row.staff_id} was sealed with another key") from None


def _place(staff_id: int) -> bytes:
    return f"staff_factor.secret/{staff_id}".encode()
