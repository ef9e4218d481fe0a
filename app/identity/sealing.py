"""One sealed value: AES-256-GCM under a key of its own person, bound to the one place that it belongs to.

A sealed value is a version byte, a random nonce of 96 bits, and the ciphertext with its tag. Its place (table, column,
row, revision) is authenticated with it: moved anywhere else, or put back in place of a newer one, it does not open.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
KEY_BYTES, NONCE_BYTES = 32, 12
# A name's length says something about the name: everything is filled up to a multiple of this.
BLOCK = 64


class Tampered(Exception):
    """A sealed value does not belong where it stands, or is not what was sealed. ``place`` names no person."""

    def __init__(self, place: str) -> None:
        super().__init__(f"what is sealed at {place} cannot be trusted: it was changed, moved or put back")
        self.place = place


def new_key() -> bytes:
    """A key for one person: 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """The sealed form of some bytes, for that place and no other."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    filled = plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)  # ISO/IEC 7816-4
    return bytes([VERSION]) + nonce + AESGCM(key).encrypt(nonce, filled, _bound(place))


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """What was sealed for that place; Tampered for anything else, whatever was done to it."""
    if len(sealed) <= 1 + NONCE_BYTES or sealed[0] != VERSION:
        raise Tampered(place)
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        filled = AESGCM(key).decrypt(nonce, rest, _bound(place))
    except InvalidTag:
        raise Tampered(place) from None
    return filled.rstrip(b"\x00")[:-1]


def _bound(place: str) -> bytes:
    return b"weshare-vault\x00" + bytes([VERSION]) + place.encode()
