"""What the vault tells the study side, signed and brief: this browser, or this person, is that pseudonym."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import jwt

ISSUER = "weshare-vault"
ALGORITHM = "EdDSA"
LIFETIME = timedelta(seconds=60)
# Whoever was signed out meanwhile signs in again first.
ENROLMENT_LIFETIME = timedelta(minutes=10)
# A list may be handed over later, or once more after something broke.
BATCH_LIFETIME = timedelta(hours=22)


def issue(
    private_key_pem: str,
    account_pseudonym: str,
    audience: str,
    state: str,
    at: datetime,
    *,
    ends_others: bool = False,
    failed_tries: tuple[int, datetime] | None = None,
) -> str:
    """A signed assertion (JWT, Ed25519) for one audience and one sign-in, whose ``state`` the study side made.

    ``ends_others``: the person has just changed the password, so whoever else is signed in must not stay so.
    ``failed_tries``: how many there were since the last sign-in, and when the last one was; the person is told.
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
        **({} if failed_tries is None else {"failed_tries": [failed_tries[0], int(failed_tries[1].timestamp())]}),
    }
    return jwt.encode(claims, private_key_pem, algorithm=ALGORITHM)


def state_enrolment(
    private_key_pem: str, ticket: str, account_pseudonym: str, study_pseudonym: str, audience: str, at: datetime
) -> str:
    """A signed statement that a ticket's person is entered: two pseudonyms, for the study side's enrolment only."""
    claims = {
        "iss": ISSUER,
        "aud": f"{audience}#enrolment",
        "sub": account_pseudonym,
        "participant": study_pseudonym,
        "ticket": ticket,
        "jti": secrets.token_urlsafe(16),
        "iat": int(at.timestamp()),
        "exp": int((at + ENROLMENT_LIFETIME).timestamp()),
    }
    return jwt.encode(claims, private_key_pem, algorithm=ALGORITHM)


def state_batch(
    private_key_pem: str, ticket: str, people: Sequence[tuple[str, str, str]], audience: str, at: datetime
) -> str:
    """A signed statement of who was entered from a list: the subject code and the two pseudonyms of each."""
    claims = {
        "iss": ISSUER,
        "aud": f"{audience}#batch",
        "people": [list(one) for one in people],
        "ticket": ticket,
        "jti": secrets.token_urlsafe(16),
        "iat": int(at.timestamp()),
        "exp": int((at + BATCH_LIFETIME).timestamp()),
    }
    return jwt.encode(claims, private_key_pem, algorithm=ALGORITHM)
