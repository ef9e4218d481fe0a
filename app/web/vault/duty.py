"""Which operator a request of the vault's pages comes from: a key in the browser, and the vault's own table of them."""

from flask import Flask, request, session

from app.identity import operators
from app.web.request import current

HELD = "operator_key"  # where the cookie keeps the key


def install(app: Flask) -> None:
    """Look for an operator on the pages for operators; no other page knows of one."""

    @app.before_request
    def identify_operator() -> None:
        held = session.get(HELD)
        if request.blueprint != "vault_operators" or not held:
            return
        current.operator = operators.find(current.vault, held, current.at)
        if current.operator is not None and current.writes:
            operators.touch(current.vault, held, current.at)


def operator() -> int:
    """The operator of this request; any other caller is a bug of the view's declaration."""
    if current.operator is None:
        raise RuntimeError("this view must be declared for operators")
    return current.operator
