"""The end of every way in: back to the study side with a signed pseudonym, and nothing else of the person.

Whoever has switched the second factor on is asked for it first; whoever came to look after the ways in stays here.
"""

from urllib.parse import urlencode

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from app.identity import assertions, ledger, people, person_factors, person_tries, steps
from app.identity.models import Person
from app.identity.steps import CODE, SECURITY, Step
from app.web import failed_tries
from app.web.request import current
from app.web.vault import duty

TOWARDS = "towards_security"
"""Where the cookie keeps the state of a sign-in that leads to the vault's own page, and not to the study side."""
ENDS_OTHERS = "ends_others"
"""Where the cookie keeps who has just changed the password here: the next sign-in ends that person's other ones."""


def hand_over(person: Person, state: str, way: str, *, ends_others: bool = False) -> Response:
    """After one factor: ask for the second one, where there is one, or let the person in."""
    if person_factors.is_on(current.vault, person.id, current.at):
        record(person, "first-factor-given", way=way)
        duty.go_on(Step(person.id, CODE, state, way, ends_others))
        return redirect(url_for("vault_code.prove"), 303)
    return let_in(person, state, way, ends_others=ends_others)


def let_in(person: Person, state: str, way: str, *, ends_others: bool = False, second_factor: str = "") -> Response:
    """Write down how the person came in, and lead the browser on: to the study side that knows its ``state``."""
    failed = person_tries.take(current.vault, person.id)
    facts: dict[str, object] = {"second_factor": second_factor} if second_factor else {}
    record(person, way, **(facts if failed is None else {"failed_tries": failed.count, **facts}))
    duty.stop()
    if ends_others:
        steps.end_all(current.vault, person.id, current.at)
    if session.get(TOWARDS) == state:
        session.pop(TOWARDS)
        duty.go_on(Step(person.id, SECURITY, state, way, ends_others))
        if failed is not None:
            failed_tries.tell_person(failed.count, failed.last_at)
        return redirect(url_for("vault_security.overview"), 303)
    ends_others = session.pop(ENDS_OTHERS, None) == person.id or ends_others
    assertion = assertions.issue(
        current.config.assertion_private_key or "",
        people.pseudonym_of(current.vault, person, people.ACCOUNT),
        current.config.public_url,
        state,
        current.at,
        ends_others=ends_others,
        failed_tries=None if failed is None else (failed.count, failed.last_at),
    )
    return redirect(f"{current.config.way_to_study}/session?{urlencode({'assertion': assertion})}", 303)


def record(person: Person, action: str, **facts: object) -> None:
    """Write down what the person did, under the account's pseudonym."""
    who = f"account:{people.pseudonym_of(current.vault, person, people.ACCOUNT)}"
    ledger.record(current.vault, current.at, who, action, who, facts, current.id)
