"""What the vault tells the study side at sign-in: this browser is that pseudonym. Signed, brief, for one place."""

import secrets
from datetime import datetime, timedelta

import jwt

ISSUER = "weshare-vault"
ALGORITHM = "EdDSA"
LIFETIME = timedelta(seconds=60)


def issue(
    private_key_pem: str, account_pseudonym: str, audience: str, state: str, at: datetime, *, ends_others: bool = False
) -> str:
    """A signed assertion (JWT, Ed25519) for one audience and one sign-in, whose ``state`` the study side made.

    ``ends_others``: the person has just changed the password, so whoever else is signed in must not stay so.
    """
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": account_pseudonym,
        "state": state,
        "jti": secrets.token_urlsafe(16),
        "iat": int(at.timestamp()),
        "exp": int((at + LIFETIME).timestamp()),
        **({"ends_others": True} if ends_others else {}),
    }
    return jwt.encode(claims, private_key_pem, algorithm=ALGORITHM)
