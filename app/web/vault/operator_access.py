"""Who works for the trusted third party, and how one of them helps another who has lost a password or a telephone."""

from flask import Blueprint, abort, url_for

from app.identity import operator_factors, operator_resets
from app.identity.operator_resets import FACTOR_DROPPED, LINK_MADE
from app.identity.sign_in_models import Operator
from app.web.access import Who, allow
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
    return page("operator_access.html", with_factor=operator_factors.kept(current.vault).those_set_up())


@bp.post(f"/vault/operators/access/{NUMBER}/lost")
@allow(Who.OPERATOR)
def lost(number: int) -> str:
    """Another operator's app counts no longer; a one-time code, shown this once, to set up a new one. Not oneself's."""
    person = _helped(number, FACTOR_DROPPED)
    code = operator_factors.hand_out(current.vault, number, current.at)
    record(operator(), "operator.second-factor-dropped", f"operator:{number}")
    return page("operator_handed.html", person=person, code=code)


@bp.post(f"/vault/operators/access/{NUMBER}/link")
@allow(Who.OPERATOR)
def link(number: int) -> str:
    """A one-time link, shown this once, with which another operator chooses a new password. Not oneself's."""
    person = _helped(number, LINK_MADE)
    token = operator_resets.make(current.vault, number, current.at)
    record(operator(), "operator.reset-link-made", f"operator:{number}")
    address = current.config.vault_url + url_for("vault_operator_reset.look", token=token)
    return page("operator_link.html", person=person, address=address)


def _helped(number: int, act: str) -> Operator:
    person = current.vault.get(Operator, number)
    if person is None or number == operator():
        abort(404)
    operator_resets.check_helper(current.vault, operator(), number, act, current.at)
    return person
