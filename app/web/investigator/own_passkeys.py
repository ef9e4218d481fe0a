"""A professional's passkeys: added and removed after a proof of who it is."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import passkeys
from app.accounts.models import Staff
from app.errors import Refusal
from app.passkeys import ceremony
from app.passkeys.ceremony import Owner
from app.web import challenges, proof
from app.web.access import Who, allow, staff_of
from app.web.errors import explained
from app.web.investigator.own_frame import ACCOUNT, PROOF, page, proven_as, record
from app.web.investigator.own_tidings import tell
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.passkey_answers import NameForm, incomplete, made_by, place_or_404, refused
from app.web.request import current

bp = Blueprint("investigator_own_passkeys", __name__)


@bp.post("/staff/account/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.STAFF)
def start() -> Any:
    """What the browser asks its device for, to make a passkey."""
    who, place, form = staff_of(current.person), place_or_404(current.config.public_url), NameForm(request.form)
    if not proof.is_given(proven_as()):
        return proof.missing()
    if not form.validate():
        return incomplete(form)
    person, kept = current.session.get_one(Staff, who), passkeys.kept(current.session)
    try:
        kept.make_room(who)
    except Refusal as refusal:
        return refused(refusal)
    handle = kept.user_handle(who)
    challenge = challenges.begin(f"{challenges.STAFF_MAKE}/{who}", handle.hex())
    known = [row.credential_id for row in kept.listed(who)]
    return jsonify(ceremony.to_make(place, Owner(handle, person.login, person.name), known, challenge))


@bp.post("/staff/account/passkeys")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def add() -> Any:
    """Keep what the device has made."""
    who, place, form = staff_of(current.person), place_or_404(current.config.public_url), NameForm(request.form)
    if not form.validate():
        return page(passkey_form=form)
    try:
        made, handle = made_by(form, f"{challenges.STAFF_MAKE}/{who}", place)
        passkeys.add(current.session, who, made, handle, form.name.data or "", current.at)
    except Refusal as refusal:
        form.name.errors = [explained(refusal)[1]]
        return page(passkey_form=form)
    record("staff.passkey-added")
    tell(who, "passkey")
    flash(_("From now on you can sign in with this passkey."), "success")
    return redirect(url_for(ACCOUNT), 303)


@bp.post("/staff/account/passkeys/remove")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def remove() -> Response:
    """Take one off the list: it opens nothing from now on, on whatever device it is."""
    handle = request.form.get("handle", "")[:24].replace("\x00", "")
    who = staff_of(current.person)
    if passkeys.kept(current.session).remove(who, handle):
        record("staff.passkey-removed")
        tell(who, "passkey")
        flash(_("The passkey is removed. Nobody can sign in with it any more."), "success")
    return redirect(url_for(ACCOUNT), 303)
