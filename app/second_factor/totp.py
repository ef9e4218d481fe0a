"""Codes of an authenticator app (TOTP, RFC 6238): a secret, the code that it makes of an instant, and nothing kept."""

import hmac
from datetime import datetime

import pyotp

ISSUER = "WeShare"
STEP_S = 30
GROUP = 4
# A telephone's clock may be one step off, before or after (RFC 6238, section 5.2).
STEPS_AROUND = (-1, 0, 1)


def new_secret() -> str:
    """160 random bits in base32, as apps read them."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What the QR code says to the app: an otpauth address with the secret and whose it is."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def in_groups(secret: str) -> str:
    """The secret as it is typed into an app."""
    return " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The half minute whose code this is, around now; all are compared, in the same time for each code."""
    typed = "".join(code.split()).encode()
    totp, now = pyotp.TOTP(secret, interval=STEP_S), int(at.timestamp()) // STEP_S
    fitting = [
        now + around for around in STEPS_AROUND if hmac.compare_digest(totp.generate_otp(now + around).encode(), typed)
    ]
    return max(fitting, default=None)
