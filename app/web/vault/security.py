"""A participant's ways in: passkeys and the second factor, looked after on the vault's side right after signing in."""

import secrets
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.identity import identities, passkeys
from app.identity.models import Person
from app.passkeys import ceremony
from app.passkeys.ceremony import Owner
from app.web import challenges
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.passkey_answers import NameForm, incomplete, made_by, place_or_404, refused
from app.web.request import current
from app.web.vault import duty
from app.web.vault.duty import owner
from app.web.vault.handing_over import TOWARDS, record
from app.web.vault.reading import read_on_in
from app.web.vault.security_mails import tell
from app.web.vault.security_page import page

bp = Blueprint("vault_security", __name__)
STATE_BYTES = 24


@bp.get("/vault/security/enter")
@allow(Who.ANYONE)
def enter() -> Response:
    """Sign in once more first: whoever finds a screen open must not change how its owner signs in."""
    read_on_in(request.args.get("lang", ""))
    session[TOWARDS] = secrets.token_urlsafe(STATE_BYTES)
    return redirect(url_for("vault_sign_in.sign_in", state=session[TOWARDS], lang=current.language))


@bp.get("/vault/security")
@allow(Who.OWNER)
def overview() -> Any:
    """All of it as it is."""
    return page()


@bp.post("/vault/security/leave")
@allow(Who.OWNER)
def leave() -> Response:
    """Back to the account; this page asks for a new sign-in from now on."""
    duty.stop()
    return redirect(f"{current.config.way_to_study}/account", 303)


@bp.post("/vault/security/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.OWNER)
def start() -> Any:
    """What the browser asks its device for, to make a passkey."""
    person, place, form = _person(), place_or_404(current.config.vault_url), NameForm(request.form)
    if not form.validate():  # before the device makes one that nobody would keep
        return incomplete(form)
    kept, who = passkeys.kept(current.vault), identities.read(current.vault, person)
    try:
        kept.make_room(person.id)
    except Refusal as refusal:
        return refused(refusal)
    handle = kept.user_handle(person.id)
    challenge = challenges.begin(f"{challenges.MAKE}/{person.id}", handle.hex())
    name = who.email or f"{who.given_name} {who.family_name}"
    known = [row.credential_id for row in kept.listed(person.id)]
    return jsonify(ceremony.to_make(place, Owner(handle, name, name), known, challenge))


@bp.post("/vault/security/passkeys")
@allow(Who.OWNER)
def add() -> Any:
    """Keep what the device has made."""
    person, place, form = _person(), place_or_404(current.config.vault_url), NameForm(request.form)
    if not form.validate():
        return page(form)
    try:
        made, handle = made_by(form, f"{challenges.MAKE}/{person.id}", place)
        passkeys.add(current.vault, person.id, made, handle, form.name.data or "", current.at)
    except Refusal as refusal:
        form.name.errors = [explained(refusal)[1]]
        return page(form)
    record(person, "passkey.added")
    tell(person)
    flash(_("From now on you can sign in with this passkey."), "success")
    return redirect(url_for("vault_security.overview"), 303)


@bp.post("/vault/security/passkeys/remove")
@allow(Who.OWNER)
def remove() -> Response:
    """Take one off the list: it opens nothing from now on, on whatever device it is."""
    person = _person()
    if passkeys.kept(current.vault).remove(person.id, request.form.get("handle", "")[:24].replace("\x00", "")):
        record(person, "passkey.removed")
        tell(person)
        flash(_("The passkey is removed. Nobody can sign in with it any more."), "success")
    return redirect(url_for("vault_security.overview"), 303)


def _person() -> Person:
    return current.vault.get_one(Person, owner())
