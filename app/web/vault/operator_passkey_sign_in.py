"""An operator signs in with a passkey: device and its own check of who holds it, which makes two factors."""

from typing import Any

import structlog
from flask import Blueprint, flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.identity import ledger, operator_letters, operator_passkeys, operators
from app.passkeys import ceremony
from app.passkeys.ceremony import Refused
from app.passkeys.kept import WentBack
from app.web import challenges
from app.web.access import Who, allow
from app.web.browser_names import browser_name
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.passkey_answers import place_or_404
from app.web.request import current
from app.web.vault.duty import HELD
from app.web.vault.operator_proving import welcome

log = structlog.get_logger("weshare.web")
bp = Blueprint("vault_operator_passkey_sign_in", __name__)


@bp.post("/vault/operators/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def start() -> Response:
    """What the browser asks its devices for: any passkey of this place."""
    place = place_or_404(current.config.vault_url)
    return jsonify(ceremony.to_sign_in(place, challenges.begin(challenges.OPERATOR_SIGN_IN)))


@bp.post("/vault/operators/passkeys")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """In, with all that it takes. One sentence for all that does not do."""
    place, held = place_or_404(current.config.vault_url), challenges.take(challenges.OPERATOR_SIGN_IN)
    try:
        if held is None:
            raise Refused("no-challenge")
        answer = request.form.get("credential", "")
        passkey = operator_passkeys.prove(current.vault, place, answer, held.challenge, current.at)
    except Refused as refused:
        log.info("passkey refused", request_id=current.id, reason=refused.reason)
    except WentBack as back:
        # Kept: whoever holds the copy must not get in with it either.
        subject = f"passkey:{back.handle}"
        ledger.record(current.vault, current.at, "anyone", "operator.passkey-stopped", subject, {}, current.id)
        owner = operator_passkeys.owner_of(current.vault, back.handle)
        operator_letters.tell(current.vault, owner, "operator.passkey-stopped", current.at)
    else:
        operators.end(current.vault, session.get(HELD, ""), current.at)
        session.clear()
        who = passkey.operator_id
        session[HELD] = operators.open_sign_in(current.vault, who, current.at, browser=browser_name())
        welcome(who, "passkey")
        return redirect(url_for("vault_operators.requests"), 303)
    flash(_("This passkey does not open an account here. Try again, or sign in another way."), "error")
    return redirect(url_for("vault_operators.sign_in"), 303)
