"""How often what can be guessed may be tried: by one origin, and for one person whatever the origin."""

import hashlib
import hmac
import secrets

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from app.web import cookies
from app.web.request import current

limiter = Limiter(key_func=get_remote_address)

# A hospital's patients may all come from one address; one person's password is guessed from many.
SIGN_INS_PER_ORIGIN = "30 per minute; 300 per hour"
SIGN_INS_PER_PERSON = "10 per 10 minutes"
CODES_PER_PERSON = "10 per 10 minutes"
LINKS_PER_PERSON = "5 per 15 minutes"

KNOWN = "known"
KNOWN_PEOPLE = 3
A_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Count the tries at the views that have a limit; those look themselves.

    Announced beforehand the limiter leaves out its hooks, which would look for limits of every other request in vain:
    the dearest step of a short one.
    """
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)


def person_key(typed: str) -> str:
    """A name for counting somebody's tries: the store of counters is no place for addresses."""
    return hmac.digest(current.config.secret_key.encode(), typed.encode(), hashlib.sha256).hex()


def guesses_key(typed: str) -> str:
    """By what guesses at a person's password are counted: a browser in which that person has signed in before counts
    for itself, so that a stranger's storm of wrong passwords does not keep the person out there.
    """
    key = person_key(typed)
    own = _known_here().get(key)
    return f"{key}/{own}" if own else key


def know_again(response: Response, typed: str) -> Response:
    """After a right password: let this browser count for itself from now on, for the last few people who used it."""
    key, known = person_key(typed), _known_here()
    latest = {**{other: own for other, own in known.items() if other != key}, key: secrets.token_urlsafe(12)}
    kept = dict(list(latest.items())[-KNOWN_PEOPLE:])
    response.set_cookie(
        cookies.called(KNOWN, current.config),
        _signer().dumps(kept),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current.config.is_https,
    )
    return response


def _known_here() -> dict[str, str]:
    try:
        known: dict[str, str] = _signer().loads(request.cookies.get(cookies.called(KNOWN, current.config), ""))
    except BadSignature:
        return {}
    return known


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.config.secret_key, salt="a browser that signed somebody in")
