"""By what the vault recognises the subject codes that a ticket is good for: short, so that many fit an address."""

import hashlib
from collections.abc import Iterable

MARK_BYTES = 4
"""Short enough for two hundred of them to stand in an address; whoever redeems compares the codes themselves."""


def mark(ticket: str, code: str) -> str:
    """The mark of one code under one ticket; without the ticket it says nothing."""
    return hashlib.sha256(f"{ticket}\x00{code}".encode("utf-8", "surrogatepass")).hexdigest()[: 2 * MARK_BYTES]


def joined(ticket: str, codes: Iterable[str]) -> str:
    """The marks of all codes, as a ticket carries them."""
    return "".join(mark(ticket, code) for code in codes)


def taken_apart(marks: str) -> frozenset[str]:
    """The marks that a ticket carries."""
    width = 2 * MARK_BYTES
    return frozenset(marks[start : start + width] for start in range(0, len(marks), width))
