"""Codes that are mailed to an address at work, which counts once its code has come back; for all who give one."""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from datetime import datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(minutes=30)
CODE_BYTES: Final = 5
"""40 bits: in half an hour nobody guesses them, at whatever pace a page takes guesses."""
LONGEST: Final = 254
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_address(typed: str) -> bool:
    """Whether mail could be sent there."""
    return len(typed) <= LONGEST and _ADDRESS.fullmatch(typed) is not None


def fresh() -> str:
    """A new code, as it is typed: ``abcd-efgh``."""
    code = b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return f"{code[:4]}-{code[4:]}"


def hashed(owner: int, code: str) -> str:
    """What is kept of a code, without the marks and the capitals that people add; good for its owner alone."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(f"{owner} {plain}".encode("utf-8", "surrogatepass")).hexdigest()


def flaw(owner: int, typed: str, kept: str | None, made_at: datetime | None, at: datetime) -> str | None:
    """Why a code does not count: "code-dead" if none waits or it is too old, "code-wrong"; None for the right one."""
    if kept is None or made_at is None or at >= made_at + LIFETIME:
        return "code-dead"
    return None if hmac.compare_digest(kept, hashed(owner, typed)) else "code-wrong"
