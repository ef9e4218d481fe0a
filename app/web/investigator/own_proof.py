"""A professional shows once more who it is, before changing how to sign in: password and code, or a passkey."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.accounts import passkeys
from app.passkeys import ceremony
from app.web import challenges, proof
from app.web.access import Who, allow, staff_of
from app.web.investigator.own_frame import ACCOUNT, PROOF, oneself, proven_as, record
from app.web.investigator.proving import is_password, proven
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.passkey_answers import place_or_404
from app.web.proof import ProofForm
from app.web.request import current

bp = Blueprint("investigator_own_proof", __name__)


@bp.route("/staff/account/proof", methods=["GET", "POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.STAFF)
def prove() -> Any:
    """Ask for the password and a code; what is right holds for some minutes."""
    who, form = staff_of(current.person), ProofForm(request.form)
    if request.method == "POST" and proof.is_shown(
        form, lambda typed: is_password(who, typed), lambda typed: proven(who, typed) is not None
    ):
        record("staff.proven-again")
        proof.give(proven_as())
        return redirect(url_for(ACCOUNT), 303)
    place = ceremony.place_of(current.config.public_url)
    return render_template("investigator/own_proof.html", form=form, place=place), 422 if form.errors else 200


@bp.post("/staff/account/proof/passkey")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
def by_passkey() -> Any:
    """The same by one of the professional's own passkeys."""
    place = place_or_404(current.config.public_url)

    def is_own(answer: str, challenge: bytes) -> bool:
        passkey = passkeys.prove(current.session, place, answer, challenge, current.at)
        return passkey.staff_id == staff_of(current.person)

    if not proof.is_shown_by_passkey(challenges.STAFF_SIGN_IN, is_own, lambda: record("staff.passkey-stopped")):
        return redirect(url_for(PROOF), 303)
    record("staff.proven-again")
    proof.give(proven_as())
    return redirect(url_for(ACCOUNT), 303)
