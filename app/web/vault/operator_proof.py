"""An operator shows once more who it is, before changing how to sign in: password and code, or a passkey."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.identity import operator_passkeys
from app.passkeys import ceremony
from app.web import challenges, proof
from app.web.access import Who, allow
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.passkey_answers import place_or_404
from app.web.proof import ProofForm
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page
from app.web.vault.operator_own_frame import ACCOUNT, PROOF, oneself, proven_as, record
from app.web.vault.operator_proving import is_password, proven

bp = Blueprint("vault_operator_proof", __name__)


@bp.route("/vault/operators/account/proof", methods=["GET", "POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.OPERATOR)
def prove() -> Any:
    """Ask for the password and a code; what is right holds for some minutes."""
    who, form = operator(), ProofForm(request.form)
    if request.method == "POST" and proof.is_shown(
        form, lambda typed: is_password(who, typed), lambda typed: proven(who, typed) is not None
    ):
        record("operator.proven-again")
        proof.give(proven_as())
        return redirect(url_for(ACCOUNT), 303)
    place = ceremony.place_of(current.config.vault_url)
    return page("operator_proof.html", form=form, place=place), 422 if form.errors else 200


@bp.post("/vault/operators/account/proof/passkey")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OPERATOR)
def by_passkey() -> Any:
    """The same by one of the operator's own passkeys."""
    place = place_or_404(current.config.vault_url)

    def is_own(answer: str, challenge: bytes) -> bool:
        return operator_passkeys.prove(current.vault, place, answer, challenge, current.at).operator_id == operator()

    if not proof.is_shown_by_passkey(challenges.OPERATOR_SIGN_IN, is_own, lambda: record("operator.passkey-stopped")):
        return redirect(url_for(PROOF), 303)
    record("operator.proven-again")
    proof.give(proven_as())
    return redirect(url_for(ACCOUNT), 303)
