"""What the study side hands to the vault: a signed, brief ticket that opens one page there, for one purpose."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt

ISSUER = "weshare-study"
ALGORITHM = "EdDSA"
ENROLMENT, OPENINGS, ERASURE = "enrolment", "openings", "erasure"
BATCH, OWN_IDENTITY, CORRECTION = "batch", "own-identity", "correction"
LIFETIMES: Mapping[str, timedelta] = {
    # Long enough to ask somebody who is ill for a name and an address, and for a word about a likely double.
    ENROLMENT: timedelta(minutes=30),
    OPENINGS: timedelta(minutes=5),
    ERASURE: timedelta(minutes=15),
    # A list is corrected and sent again a few times before it is right.
    BATCH: timedelta(hours=2),
    OWN_IDENTITY: timedelta(minutes=15),
    CORRECTION: timedelta(minutes=30),
}
"""What a ticket can be for, and how long it is good."""
KEY_BYTES = 16


def new_key() -> str:
    """A name for a ticket that nobody guesses."""
    return secrets.token_urlsafe(KEY_BYTES)


def issue(private_key_pem: str, purpose: str, key: str, facts: Mapping[str, str], vault_url: str, at: datetime) -> str:
    """A signed ticket (JWT, Ed25519). ``facts`` are codes and pseudonyms, never an identity: they stand in an address.

    KeyError for a purpose that there is none of.
    """
    claims = {
        **facts,
        "iss": ISSUER,
        "aud": f"{vault_url}#{purpose}",
        "jti": key,
        "iat": int(at.timestamp()),
        "exp": int((at + LIFETIMES[purpose]).timestamp()),
    }
    return jwt.encode(claims, private_key_pem, algorithm=ALGORITHM)
