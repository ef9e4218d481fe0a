"""An operator shows once more who it is, before changing how to sign in: password and code, or a passkey."""

from typing import Any

from flask import Blueprint

from app.identity import operator_passkeys
from app.passkeys.ceremony import Place
from app.web import challenges
from app.web.access import Who, allow
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.proof_pages import ProofPages
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page
from app.web.vault.operator_own_frame import ACCOUNT, PLACES, PROOF, oneself, proven_as, record
from app.web.vault.operator_proving import is_password, proven

bp = Blueprint("vault_operator_proof", __name__)


def _owner_of(place: Place, answer: str, challenge: bytes) -> int:
    return operator_passkeys.prove(current.vault, place, answer, challenge, current.at).operator_id


PAGES = ProofPages(
    who=operator,
    named=proven_as,
    url=lambda: current.config.vault_url,
    is_password=is_password,
    proven=proven,
    owner_of=_owner_of,
    purpose=challenges.OPERATOR_SIGN_IN,
    shown=lambda form, place: page("own/proof.html", form=form, place=place, places=PLACES),
    account=ACCOUNT,
    page=PROOF,
)


@bp.route("/vault/operators/account/proof", methods=["GET", "POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.OPERATOR)
def prove() -> Any:
    """Ask for the password and a code; what is right holds for some minutes."""
    return PAGES.prove(lambda: record("operator.proven-again"))


@bp.post("/vault/operators/account/proof/passkey")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OPERATOR)
def by_passkey() -> Any:
    """The same by one of the operator's own passkeys."""
    return PAGES.by_passkey(lambda: record("operator.proven-again"), lambda: record("operator.passkey-stopped"))
