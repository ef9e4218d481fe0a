"""The vault's keys as an operator gives them: numbered master keys, of which the newest is used, and the look-up key.

A master key wraps the keys of persons; the look-up key makes blind indexes. Each is 32 random bytes in base64.
"""

import secrets
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass, field

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """``masters``: number of a key to the key itself; older ones only open what has not been wrapped again yet."""

    masters: Mapping[int, bytes] = field(repr=False)
    lookup: bytes = field(repr=False)

    @property
    def newest(self) -> int:
        """The number of the master key that wraps from now on."""
        return max(self.masters)


def fresh_key() -> str:
    """A new key as it is written into a setting or a file."""
    return b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_keys(masters: str, lookup: str) -> VaultKeys:
    """Master keys as ``number:key``, with white space or commas between, and the look-up key; ValueError if wrong."""
    found: dict[int, bytes] = {}
    for written in masters.replace(",", " ").split():
        number, _colon, key = written.partition(":")
        if not number.isascii() or not number.isdigit() or int(number) < 1:
            raise ValueError("each master key is written as number:key, such as 1:mZ3f…, with numbers from 1 on")
        if int(number) in found:
            raise ValueError(f"there are two master keys with the number {int(number)}")
        found[int(number)] = _decoded(key, f"master key {int(number)}")
    if not found:
        raise ValueError("there is no master key")
    indexing = _decoded(lookup.strip(), "the look-up key")
    if len({*found.values(), indexing}) <= len(found):
        raise ValueError("two of the vault's keys are the same; each must be made for itself")
    return VaultKeys(found, indexing)


def _decoded(key: str, name: str) -> bytes:
    try:
        raw = b64decode(key, validate=True)
    except (Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        # Never the value itself: this sentence is printed and logged.
        raise ValueError(f"{name} is not {KEY_BYTES} bytes in base64; make one with: openssl rand -base64 {KEY_BYTES}")
    return raw
