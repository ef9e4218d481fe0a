"""Believing the vault: an assertion signs its pseudonym in once, here, within its minute, in the browser that asked."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy.orm import Session

from app import once
from app.accounts import accounts, sign_ins
from app.accounts.models import Account, UsedAssertion
from app.errors import Refusal

ISSUER = "weshare-vault"
ALGORITHM = "EdDSA"
CLAIMS = ("iss", "aud", "sub", "state", "jti", "iat", "exp")
BATCH_CLAIMS = ("iss", "aud", "people", "ticket", "jti", "iat", "exp")
ENROLMENT_CLAIMS = ("iss", "aud", "sub", "participant", "ticket", "jti", "iat", "exp")
# The vault's clock is another machine's: it may run this far ahead of ours.
CLOCK_SKEW = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The account, and how many tries to sign in to it have failed since the last sign-in, with the last instant."""

    account: Account
    failed_tries: tuple[int, datetime] | None


def accept(
    session: Session, token: str, public_key_pem: str, audience: str, expected_state: str, at: datetime
) -> Accepted:
    """The account that the vault vouches for, made here the first time it is seen.

    Refusal("sign-in-expired") for anything else: forged, for another place, too late, from another browser's sign-in,
    or used before. The person is told the same each time; ``reason`` among the facts is for the log. After a change of
    the password every sign-in that the account had ends.
    """
    claims = _read(token, public_key_pem, audience, CLAIMS)
    _check_time(claims, at)
    if not expected_state or not hmac.compare_digest(str(claims["state"]).encode(), expected_state.encode()):
        raise _refused("state")
    _use_up(session, claims)
    # In which language this person reads is the browser's wish until the person says otherwise on the account.
    account = accounts.ensure(session, str(claims["sub"]), at)
    if claims.get("ends_others") is True:
        sign_ins.end_all_of_account(session, account.pseudonym, at)
    return Accepted(account, _failed_tries(claims))


def _failed_tries(claims: dict[str, Any]) -> tuple[int, datetime] | None:
    found = claims.get("failed_tries")
    return None if found is None else (int(found[0]), _instant(found[1]))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the vault states after it has entered somebody: for which ticket, and the two pseudonyms."""

    ticket: str
    account: str
    participant: str


def read_enrolment(token: str, public_key_pem: str, audience: str, at: datetime) -> Enrolled:
    """The vault's statement; Refusal("enrolment-expired") if it is forged, for something else or too late.

    That it counts once is the ticket's matter, which the study side has made itself.
    """
    try:
        claims = _read(token, public_key_pem, f"{audience}#enrolment", ENROLMENT_CLAIMS)
        _check_time(claims, at)
    except Refusal as refusal:
        raise Refusal("enrolment-expired") from refusal
    return Enrolled(str(claims["ticket"]), str(claims["sub"]), str(claims["participant"]))


@dataclass(frozen=True, slots=True)
class Stated:
    """One person of a list as the vault states it: a subject code and two pseudonyms."""

    subject: str
    account: str
    participant: str


@dataclass(frozen=True, slots=True)
class EnrolledBatch:
    """What the vault states after it has entered a list: for which ticket, and who."""

    ticket: str
    people: tuple[Stated, ...]


def read_batch(token: str, public_key_pem: str, audience: str, at: datetime) -> EnrolledBatch:
    """The vault's statement about a list; Refusal("batch-expired") if it is forged, for something else or too late."""
    try:
        claims = _read(token, public_key_pem, f"{audience}#batch", BATCH_CLAIMS)
        _check_time(claims, at)
        people = tuple(Stated(*map(str, one)) for one in claims["people"])
    except (Refusal, TypeError) as refusal:
        raise Refusal("batch-expired") from refusal
    return EnrolledBatch(str(claims["ticket"]), people)


def _use_up(session: Session, claims: dict[str, Any]) -> None:
    used = UsedAssertion(identifier=str(claims["jti"]), expires_at=_instant(claims["exp"]))
    if not once.insert(session, used):
        raise _refused("used")


def _read(token: str, public_key_pem: str, audience: str, required: tuple[str, ...]) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            public_key_pem,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            # The library would read the clock itself; time is our argument and is checked below.
            options={"require": list(required), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.InvalidTokenError as error:
        raise _refused(type(error).__name__) from error


def _check_time(claims: dict[str, Any], at: datetime) -> None:
    try:
        issued, expires = _instant(claims["iat"]), _instant(claims["exp"])
    except (TypeError, ValueError, OverflowError) as error:
        raise _refused("time") from error
    if not issued - CLOCK_SKEW <= at < expires:
        raise _refused("time")


def _instant(seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(seconds)), UTC)


def _refused(reason: str) -> Refusal:
    return Refusal("sign-in-expired", {"reason": reason})
