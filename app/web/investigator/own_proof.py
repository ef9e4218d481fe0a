"""A professional shows once more who it is, before changing how to sign in: password and code, or a passkey."""

from typing import Any

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.accounts import passkeys
from app.passkeys import ceremony
from app.passkeys.ceremony import Refused
from app.passkeys.kept import WentBack
from app.web import challenges, proof
from app.web.access import Who, allow, staff_of
from app.web.investigator.own_frame import ACCOUNT, PROOF, oneself, proven_as, record
from app.web.investigator.proving import is_password, proven
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.locale import _
from app.web.passkey_answers import place_or_404
from app.web.proof import ProofForm
from app.web.request import current

log = structlog.get_logger("weshare.web")
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
    place, held = place_or_404(current.config.public_url), challenges.take(challenges.STAFF_SIGN_IN)
    try:
        if held is None:
            raise Refused("no-challenge")
        answer = request.form.get("credential", "")
        passkey = passkeys.prove(current.session, place, answer, held.challenge, current.at)
        if passkey.staff_id != staff_of(current.person):
            raise Refused("somebody-else")
    except Refused as refused:
        log.info("passkey refused", request_id=current.id, reason=refused.reason)
    except WentBack:
        record("staff.passkey-stopped")
    else:
        record("staff.proven-again")
        proof.give(proven_as())
        return redirect(url_for(ACCOUNT), 303)
    flash(_("This passkey is not yours, or was not used. Try again, or type your password."), "error")
    return redirect(url_for(PROOF), 303)
