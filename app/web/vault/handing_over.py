"""The end of every way in: back to the study side with a signed pseudonym, and nothing else of the person."""

from urllib.parse import urlencode

from flask import redirect
from werkzeug.wrappers import Response

from app.identity import assertions, ledger, people
from app.identity.models import Person
from app.web.request import current


def hand_over(person: Person, state: str, action: str, *, ends_others: bool = False) -> Response:
    """Write down how the person came in, and lead the browser back to the study side that knows its ``state``."""
    pseudonym = people.pseudonym_of(current.vault, person, people.ACCOUNT)
    who = f"account:{pseudonym}"
    ledger.record(current.vault, current.at, who, action, who)
    assertion = assertions.issue(
        current.config.assertion_private_key or "",
        pseudonym,
        current.config.public_url,
        state,
        current.at,
        ends_others=ends_others,
    )
    return redirect(f"{current.config.way_to_study}/session?{urlencode({'assertion': assertion})}", 303)
