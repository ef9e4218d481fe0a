"""A file of a backup under a key: AES-256-GCM piece by piece, so that none is changed, moved, doubled or cut off.

Every file has a key of its own, made from the backup's key and a random name; the number of a piece is its nonce, and
whether it is the last one is authenticated with it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"WSB1"
SALT_BYTES, TAG_BYTES = 16, 16
PIECE = 1024 * 1024


class Unreadable(Exception):
    """A file of a backup is not what was written, or the key is another one."""


def seal(source: Path, target: Path, key: bytes, name: str) -> None:
    """Write ``source`` sealed to ``target``; ``name`` is what the file has to be taken for when it is read again."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(key, salt)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + salt)
        for number, piece, is_last in _pieces(plain, PIECE):
            sealed.write(cipher.encrypt(_nonce(number), piece, _bound(name, is_last=is_last)))


def unseal(source: Path, target: Path, key: bytes, name: str) -> None:
    """Write what was sealed; Unreadable, with nothing left behind, if anything about it is wrong."""
    try:
        with source.open("rb") as sealed, target.open("wb") as plain:
            if sealed.read(len(MAGIC)) != MAGIC:
                raise Unreadable(f"{source.name} is not a sealed file of a backup")
            cipher = _cipher(key, sealed.read(SALT_BYTES))
            for number, piece, is_last in _pieces(sealed, PIECE + TAG_BYTES):
                plain.write(cipher.decrypt(_nonce(number), piece, _bound(name, is_last=is_last)))
    except (InvalidTag, ValueError, Unreadable):
        target.unlink(missing_ok=True)
        raise Unreadable(f"{source.name} was changed, cut off, or sealed with another key") from None


def _pieces(file: IO[bytes], size: int) -> Iterator[tuple[int, bytes, bool]]:
    number, piece = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"weshare-backup" + salt, hashlib.sha256))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(name: str, *, is_last: bool) -> bytes:
    return f"{name}/{'last' if is_last else 'more'}".encode()
