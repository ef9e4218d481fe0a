"""Keyed hashes by which the vault finds somebody without opening anything; without the key they say nothing."""

import hashlib
import hmac
import unicodedata

from app.vault_keys import VaultKeys


def email_key(email: str) -> str:
    """The form of an address that is compared: compatibility forms and case folded, no space around it."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    # PostgreSQL keeps no NUL in a text, not even to compare with.
    return unicodedata.normalize("NFKC", folded).strip().replace("\x00", "\ufffd")


def of_email(keys: VaultKeys, email: str) -> str:
    """The index of an address, however it was typed."""
    return of(keys, "email", email_key(email))


def of(keys: VaultKeys, kind: str, value: str) -> str:
    """HMAC-SHA-256, in hexadecimal; the same value of another kind has another index."""
    return hmac.digest(keys.lookup, f"{kind}\x00{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
