"""Who a request of the vault's pages comes from: a key in the browser, and the vault's own tables of them.

Operators hold one for their pages, participants another for the few minutes in which they look after their ways in.
"""

from flask import Flask, request, session

from app.identity import operators, steps
from app.identity.steps import CODE, SECURITY, Step
from app.web.request import current

HELD = "operator_key"  # where the cookie keeps an operator's key
STEP = "step_key"  # and a participant's
OPERATORS = frozenset(
    {"vault_operators", "vault_operator_factor", "vault_operator_access", "vault_operator_own"}
    | {"vault_operator_passkeys", "vault_operator_proof", "vault_operator_address", "vault_operator_people"}
)
OWNERS = frozenset({"vault_code", "vault_security", "vault_security_app", "vault_security_password"})


def install(app: Flask) -> None:
    """Look for somebody on the pages that are for such people; no other page knows of anybody."""

    @app.before_request
    def identify() -> None:
        if request.blueprint in OPERATORS and HELD in session:
            _find_operator(session[HELD])
        elif request.blueprint in OWNERS and STEP in session:
            found = step()
            current.owner = found.person_id if found is not None and found.kind == SECURITY else None
            current.half_owner = found.person_id if found is not None and found.kind == CODE else None


def _find_operator(key: str) -> None:
    found = operators.find(current.vault, key, current.at)
    if found is None:
        return
    if found.is_half:
        current.half_operator = found.operator
        return
    current.operator = found.operator
    if current.writes:
        operators.touch(current.vault, key, current.at)


def operator() -> int:
    """The operator of this request; any other caller is a bug of the view's declaration."""
    if current.operator is None:
        raise RuntimeError("this view must be declared for operators")
    return current.operator


def half_operator() -> int:
    """The operator of this request, half-way; any other caller is a bug of the view's declaration."""
    if current.half_operator is None:
        raise RuntimeError("this view must be declared for operators on the way to the second factor")
    return current.half_operator


def owner() -> int:
    """The person who looks after the ways in; any other caller is a bug of the view's declaration."""
    if current.owner is None:
        raise RuntimeError("this view must be declared for participants who look after their ways in")
    return current.owner


def step() -> Step | None:
    """Where a participant is on the vault's own pages."""
    return steps.find(current.vault, session.get(STEP, ""), current.at)


def go_on(found: Step) -> None:
    """The next step in this browser, under a new key; the one of before is over."""
    stop()
    session[STEP] = steps.begin(current.vault, found, current.at)


def stop() -> None:
    """The step of this browser is over, if there is one."""
    held = session.pop(STEP, None)
    if held is not None:
        steps.end(current.vault, held, current.at)
