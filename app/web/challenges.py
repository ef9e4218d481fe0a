"""What a device signs to use a passkey: random, in the asking browser's own cookie, for some minutes, for one purpose.

That it counts once is written down by whoever believes the answer; a cookie could be put back.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import session

from app.web.request import current

HELD = "passkey_challenge"
CHALLENGE_BYTES = 32
LIFETIME = timedelta(minutes=5)
SIGN_IN: Final = "sign-in"
MAKE: Final = "make"
STAFF_SIGN_IN: Final = "staff-sign-in"
STAFF_MAKE: Final = "staff-make"
OPERATOR_SIGN_IN: Final = "operator-sign-in"
OPERATOR_MAKE: Final = "operator-make"


@dataclass(frozen=True, slots=True)
class Held:
    """A challenge of this browser, and what was noted with it."""

    challenge: bytes
    note: str


def begin(purpose: str, note: str = "") -> bytes:
    """A new challenge, in place of any other of this browser; ``note`` comes back with it and is no secret."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    until = int((current.at + LIFETIME).timestamp())
    session[HELD] = [purpose, note, urlsafe_b64encode(challenge).decode(), until]
    return challenge


def take(purpose: str) -> Held | None:
    """The challenge of this browser, taken away from it; None if there is none for that purpose, or it is too old."""
    held = session.pop(HELD, None)
    if held is None:
        return None
    wanted, note, written, until = held
    is_good = wanted == purpose and current.at.timestamp() < until
    return Held(urlsafe_b64decode(written), note) if is_good else None
