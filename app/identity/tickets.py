"""Believing the study side: its tickets open one page of the vault, for one purpose, within their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.identity.models import UsedTicket

ISSUER = "weshare-study"
ALGORITHM = "EdDSA"
CLAIMS = ("iss", "aud", "jti", "iat", "exp")
ENROLMENT, OPENINGS, ERASURE = "enrolment", "openings", "erasure"
BATCH, OWN_IDENTITY, CORRECTION = "batch", "own-identity", "correction"
# The study side's clock is another machine's: it may run this far ahead of ours.
CLOCK_SKEW = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the study side says: codes and pseudonyms, and who of it asks."""

    identifier: str
    facts: Mapping[str, str]
    expires_at: datetime


def read(token: str, public_key_pem: str, purpose: str, vault_url: str, at: datetime) -> Ticket:
    """The ticket; Refusal("ticket-expired") for one that is forged, for something else, or too old."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            public_key_pem,
            algorithms=[ALGORITHM],
            audience=f"{vault_url}#{purpose}",
            issuer=ISSUER,
            # The library would read the clock itself; time is our argument and is checked below.
            options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        issued, expires = (datetime.fromtimestamp(float(claims[name]), UTC) for name in ("iat", "exp"))
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError) as error:
        raise Refusal("ticket-expired") from error
    if not issued - CLOCK_SKEW <= at < expires:
        raise Refusal("ticket-expired")
    facts = {name: str(value) for name, value in claims.items() if name not in CLAIMS}
    return Ticket(str(claims["jti"])[:64], facts, expires)


def is_used(session: Session, ticket: Ticket) -> bool:
    """Whether it has done what it was for."""
    return session.get(UsedTicket, ticket.identifier) is not None


def use_up(session: Session, ticket: Ticket) -> None:
    """From now on it opens nothing; Refusal("ticket-used") if that was so already."""
    if not once.insert(session, UsedTicket(identifier=ticket.identifier, expires_at=ticket.expires_at)):
        raise Refusal("ticket-used")
