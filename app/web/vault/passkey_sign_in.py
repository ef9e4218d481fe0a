"""A participant signs in with a passkey: nothing is typed, so nothing can be asked about anybody."""

from typing import Any

import structlog
from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.identity import ledger, passkeys
from app.passkeys import ceremony
from app.passkeys.ceremony import Refused
from app.passkeys.kept import WentBack
from app.web import challenges
from app.web.access import Who, allow
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.passkey_answers import place_or_404
from app.web.request import current
from app.web.vault import states
from app.web.vault.handing_over import let_in
from app.web.vault.security_mails import tell

log = structlog.get_logger("weshare.web")
bp = Blueprint("vault_passkey_sign_in", __name__)


@bp.post("/vault/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def start() -> Response:
    """What the browser asks its devices for: any passkey of this place."""
    place = place_or_404(current.config.vault_url)
    return jsonify(ceremony.to_sign_in(place, challenges.begin(challenges.SIGN_IN)))


@bp.post("/vault/passkeys")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """In, without a code: the device has checked who holds it. One sentence for all that does not do."""
    place, state = place_or_404(current.config.vault_url), states.given()
    if state is None:
        return states.begin()
    held = challenges.take(challenges.SIGN_IN)
    try:
        if held is None:
            raise Refused("no-challenge")
        person = passkeys.prove(current.vault, place, request.form.get("credential", ""), held.challenge, current.at)
    except Refused as refused:
        log.info("passkey refused", request_id=current.id, reason=refused.reason)
    except WentBack as back:
        # Kept: whoever holds the copy must not get in with it either.
        ledger.record(current.vault, current.at, "anyone", "passkey.stopped", f"passkey:{back.handle}", {}, current.id)
        tell(passkeys.owner_of(current.vault, back.handle))
    else:
        return let_in(person, state, "signed-in.by-passkey")
    flash(_("This passkey does not open an account here. Try again, or sign in another way."), "error")
    return redirect(url_for("vault_sign_in.sign_in", state=state), 303)
