"""Who works for the trusted third party, and how one of them helps another who has lost a password or a telephone."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.identity import operator_factors, operator_resets
from app.identity.operator_resets import FACTOR_DROPPED, LINK_MADE
from app.identity.sign_in_models import Operator
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page, record

bp = Blueprint("vault_operator_access", __name__)
BIGGEST_ID = 2**31 - 1
NUMBER = f"<int(max={BIGGEST_ID}):number>"


@bp.get("/vault/operators/access")
@allow(Who.OPERATOR)
def listing() -> str:
    """All operators, each with whether the second factor is set up."""
    return page("vault/operator_access.html", with_factor=operator_factors.kept(current.vault).those_set_up())


@bp.post(f"/vault/operators/access/{NUMBER}/lost")
@allow(Who.OPERATOR)
def lost(number: int) -> Any:
    """Another operator's app counts no longer; a one-time code, shown this once, to set up a new one. Not oneself's."""
    person = _another(number)
    try:
        operator_resets.check_helper(current.vault, operator(), number, FACTOR_DROPPED, current.at)
    except Refusal as refusal:
        return _back(refusal)
    code = operator_factors.hand_out(current.vault, number, current.at)
    record(operator(), "operator.second-factor-dropped", f"operator:{number}")
    return page("vault/operator_handed.html", person=person, code=code)


@bp.post(f"/vault/operators/access/{NUMBER}/link")
@allow(Who.OPERATOR)
def link(number: int) -> Any:
    """A one-time link, shown this once, with which another operator chooses a new password. Not oneself's."""
    person = _another(number)
    try:
        operator_resets.check_helper(current.vault, operator(), number, LINK_MADE, current.at)
    except Refusal as refusal:
        return _back(refusal)
    token = operator_resets.make(current.vault, number, current.at)
    record(operator(), "operator.reset-link-made", f"operator:{number}")
    address = current.config.vault_url + url_for("vault_operator_reset.look", token=token)
    return page("vault/operator_link.html", person=person, address=address)


def _another(number: int) -> Operator:
    person = current.vault.get(Operator, number)
    if person is None or number == operator():
        abort(404)
    return person


def _back(refusal: Refusal) -> Response:
    flash(explained(refusal)[1], "error")
    return redirect(url_for("vault_operator_access.listing"), 303)
