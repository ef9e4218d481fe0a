"""How often what can be guessed may be tried: by one origin, and for one person whatever the origin."""

import hashlib
import hmac

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.web.request import current

limiter = Limiter(key_func=get_remote_address)

# A hospital's patients may all come from one address; one person's password is guessed from many.
SIGN_INS_PER_ORIGIN = "30 per minute; 300 per hour"
SIGN_INS_PER_PERSON = "10 per 10 minutes"
CODES_PER_PERSON = "10 per 10 minutes"
LINKS_PER_PERSON = "5 per 15 minutes"


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
