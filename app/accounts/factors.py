"""The second factor of professionals: an authenticator app, its secret sealed by a key of the study side."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from app.accounts.models import StaffFactor, StaffRecoveryCode
from app.second_factor.factors import Factors, UnreadableFactor
from app.second_factor.recovery import RecoveryCodes

NONCE_BYTES = 12


def kept(session: Session, key: bytes = b"") -> Factors[StaffFactor]:
    """The apps of professionals; without a key none is begun or asked for, only looked at and dropped."""
    return Factors(
        session, StaffFactor, "staff_id", lambda row, secret: _seal(key, row, secret), lambda row: _unsealed(key, row)
    )


def recovery_codes(session: Session) -> RecoveryCodes[StaffRecoveryCode]:
    """What takes the place of the app."""
    return RecoveryCodes(session, StaffRecoveryCode, "staff_id")


def _seal(key: bytes, row: StaffFactor, secret: str) -> None:
    nonce = secrets.token_bytes(NONCE_BYTES)
    row.secret_sealed = nonce + AESGCM(key).encrypt(nonce, secret.encode(), _place(row.staff_id))


def _unsealed(key: bytes, row: StaffFactor) -> str:
    nonce, rest = row.secret_sealed[:NONCE_BYTES], row.secret_sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, rest, _place(row.staff_id)).decode()
    except InvalidTag:
        raise UnreadableFactor(f"the second factor of staff {row.staff_id} was sealed with another key") from None


def _place(staff_id: int) -> bytes:
    return f"staff_factor.secret/{staff_id}".encode()
