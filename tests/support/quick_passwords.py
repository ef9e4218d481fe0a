"""Passwords hashed with as little work as argon2id allows: most tests are about something else than that work."""

from argon2 import PasswordHasher, Type

from app import passwords

TRUE = passwords.HASHER, passwords.NOBODYS_HASH
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_true, _nobodys = (f"m={one.memory_cost},t={one.time_cost}" for one in (TRUE[0], _quick))
QUICK = _quick, TRUE[1].replace(_true, _nobodys)


def use(which: tuple[PasswordHasher, str]) -> None:
    """From now on hash and verify with these."""
    passwords.HASHER, passwords.NOBODYS_HASH = which
