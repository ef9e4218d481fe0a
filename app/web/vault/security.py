"""A participant's ways in: passkeys and the second factor, looked after on the vault's side right after signing in."""

import secrets
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.identity import identities, passkeys
from app.identity.models import Person
from app.passkeys.ceremony import Owner
from app.web import challenges
from app.web.access import Who, allow
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.passkey_pages import PasskeyPages
from app.web.request import current
from app.web.vault import duty
from app.web.vault.duty import owner
from app.web.vault.handing_over import TOWARDS, record
from app.web.vault.reading import read_on_in
from app.web.vault.security_mails import tell
from app.web.vault.security_page import page

bp = Blueprint("vault_security", __name__)
STATE_BYTES = 24


def _named(who: int, handle: bytes) -> Owner:
    person = identities.read(current.vault, current.vault.get_one(Person, who))
    name = person.email or f"{person.given_name} {person.family_name}"
    return Owner(handle, name, name)


PAGES = PasskeyPages(
    who=owner,
    url=lambda: current.config.vault_url,
    kept=lambda: passkeys.kept(current.vault),
    owner=_named,
    keep=lambda who, made, handle, name: passkeys.add(current.vault, who, made, handle, name, current.at),
    purpose=challenges.MAKE,
    page=page,
    account="vault_security.overview",
)


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
    return PAGES.start()


@bp.post("/vault/security/passkeys")
@allow(Who.OWNER)
def add() -> Any:
    """Keep what the device has made."""
    return PAGES.add(lambda: _changed("passkey.added"))


@bp.post("/vault/security/passkeys/remove")
@allow(Who.OWNER)
def remove() -> Response:
    """Take one off the list."""
    return PAGES.remove(lambda: _changed("passkey.removed"))


def _changed(action: str) -> None:
    person = current.vault.get_one(Person, owner())
    record(person, action)
    tell(person)
