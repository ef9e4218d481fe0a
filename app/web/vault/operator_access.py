"""Who works for the trusted third party, and how one of them helps another who has lost the telephone."""

from flask import Blueprint, abort

from app.identity import operator_factors
from app.identity.sign_in_models import Operator
from app.web.access import Who, allow
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page, record

bp = Blueprint("vault_operator_access", __name__)
BIGGEST_ID = 2**31 - 1


@bp.get("/vault/operators/access")
@allow(Who.OPERATOR)
def listing() -> str:
    """All operators, each with whether the second factor is set up."""
    return page("operator_access.html", with_factor=operator_factors.kept(current.vault).those_set_up())


@bp.post(f"/vault/operators/access/<int(max={BIGGEST_ID}):number>/lost")
@allow(Who.OPERATOR)
def lost(number: int) -> str:
    """Another operator's app counts no longer; a one-time code, shown this once, to set up a new one. Not oneself's."""
    person = current.vault.get(Operator, number)
    if person is None or number == operator():
        abort(404)
    code = operator_factors.hand_out(current.vault, number, current.at)
    record(operator(), "operator.second-factor-dropped", f"operator:{number}")
    return page("operator_handed.html", person=person, code=code)
