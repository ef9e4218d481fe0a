"""Tokens that are mailed and work once: random, and kept as a hash only."""

import hashlib
import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    """A token that nobody guesses: 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """The form in which a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def name_of(token: str) -> str:
    """A name for the letter that carries a token, from which the token cannot be found."""
    return hashed(f"message of {token}")[:32]
