"""What the pages of operators share: their frame, and the line in the ledger that every act leaves."""

from typing import Any

from flask import render_template, request, url_for

from app.identity import ledger, operator_letters, operators
from app.identity.models import Unmasking
from app.web.locale import lazy
from app.web.navigation import Place
from app.web.request import current
from app.web.vault.duty import operator

PLACES = (
    (lazy("Requests"), "vault_operators.requests"),
    (lazy("Operators"), "vault_operator_access.listing"),
    (lazy("Sign somebody out"), "vault_operator_people.end_sign_ins"),
    (lazy("My sign-in"), "vault_operator_own.account"),
)
ONE_PLACE = dict.fromkeys(
    ("vault_operator_proof", "vault_operator_passkeys", "vault_operator_address"), "vault_operator_own"
)
"""Page groups that the navigation shows as one place."""


def page(template: str, **facts: Any) -> str:
    """A page for an operator who is signed in."""
    here = ONE_PLACE.get(request.blueprint or "", request.blueprint)
    return render_template(
        template,
        names=operators.names(current.vault),
        me=operator(),
        signed_in=True,
        sign_out_action=url_for("vault_operators.sign_out"),
        nav=[Place(str(label), url_for(place), place.split(".")[0] == here) for label, place in PLACES],
        **facts,
    )


def record(who: int, action: str, subject: str, asked: Unmasking | None = None, **facts: object) -> None:
    """Write down what an operator did, and tell the one whose way in has changed by it."""
    said = facts if asked is None else {"request": asked.key, **facts}
    ledger.record(current.vault, current.at, f"operator:{who}", action, subject, said, current.id)
    kind, _colon, number = subject.partition(":")
    if kind == "operator":
        operator_letters.tell(current.vault, int(number), action, current.at)
