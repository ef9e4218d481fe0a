"""A professional signs in with a passkey: device and its own check of who holds it, which makes two factors.

Nothing is typed, so nobody's tries are counted: a storm of wrong passwords under somebody's login does not close this.
"""

from typing import Any

import structlog
from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import passkeys, sign_ins
from app.accounts.models import Staff
from app.audit import trail
from app.passkeys import ceremony
from app.passkeys.ceremony import Refused
from app.passkeys.kept import WentBack
from app.web import challenges, local_url, session
from app.web.access import Who, allow
from app.web.browser_names import browser_name
from app.web.investigator.own_tidings import tell
from app.web.investigator.proving import welcome
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.navigation import staff_home
from app.web.passkey_answers import place_or_404
from app.web.request import current

log = structlog.get_logger("weshare.web")
bp = Blueprint("investigator_passkey_sign_in", __name__)


@bp.post("/staff/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def start() -> Response:
    """What the browser asks its devices for: any passkey of this place."""
    place = place_or_404(current.config.public_url)
    return jsonify(ceremony.to_sign_in(place, challenges.begin(challenges.STAFF_SIGN_IN)))


@bp.post("/staff/passkeys")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """In, with all that it takes. One sentence for all that does not do."""
    place, held = place_or_404(current.config.public_url), challenges.take(challenges.STAFF_SIGN_IN)
    answer, wanted = request.form.get("credential", ""), request.form.get("next", "")
    try:
        if held is None:
            raise Refused("no-challenge")
        passkey = passkeys.prove(current.session, place, answer, held.challenge, current.at)
    except Refused as refused:
        log.info("passkey refused", request_id=current.id, reason=refused.reason)
    except WentBack as back:
        # Kept: whoever holds the copy must not get in with it either.
        trail.record(
            current.session, current.at, "anyone", "staff.passkey-stopped", f"passkey:{back.handle}", {}, current.id
        )
        tell(passkeys.owner_of(current.session, back.handle), "passkey")
    else:
        staff = current.session.get_one(Staff, passkey.staff_id)
        session.start(sign_ins.open_for_staff(current.session, staff.id, current.at, browser_name()))
        who = f"staff:{staff.id}"
        trail.record(current.session, current.at, who, "staff.signed-in", who, {"second_factor": "passkey"}, current.id)
        welcome(staff.id)
        return redirect(wanted if local_url.is_local(wanted) else staff_home(staff.roles), 303)
    flash(_("This passkey does not open an account here. Try again, or sign in another way."), "error")
    return redirect(url_for("investigator_sign_in.sign_in", next=wanted), 303)
