"""Signing in to the study side through the vault, and signing out."""

import secrets
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask import session as cookie
from werkzeug.wrappers import Response

from app.accounts import assertions, sign_ins
from app.audit import trail
from app.web import failed_tries, local_url, session
from app.web.access import Who, allow, is_participant
from app.web.browser_names import browser_name
from app.web.request import current

bp = Blueprint("public_sign_in", __name__)
HOME = "/account"
# What ties an assertion to the browser that asked for it. Two tabs of one browser share it until one has signed in.
STATE = "sign_in_state"
STATE_BYTES = 24
LONGEST_TARGET = 500  # it waits in the cookie, which holds 4 kB


@bp.get("/sign-in")
@allow(Who.ANYONE)
def sign_in() -> Response:
    """Off to the vault, which alone knows addresses and passwords; ``next`` is where the person wanted to go.

    ``again``: somebody who is signed in, too, has just chosen another password, and signs in with it.
    """
    wanted = request.args.get("next", "")
    target = wanted if local_url.is_local(wanted) and len(wanted) <= LONGEST_TARGET else HOME
    if is_participant(current.person) and "again" not in request.args:
        return redirect(target)
    return _to_vault("sign-in", target)


@bp.get("/register")
@allow(Who.ANYONE)
def register() -> Response:
    """Off to the vault, which alone takes names and addresses, to ask for an account without any study."""
    return redirect(f"{current.config.way_to_vault}/vault/register?{urlencode({'lang': current.language})}")


@bp.get("/new-password")
@allow(Who.ANYONE)
def new_password() -> Response:
    """Off to the vault to choose another password, signed in or not; the vault asks for the address once more."""
    return _to_vault("ask/password", HOME)


def _to_vault(page: str, target: str) -> Response:
    cookie["next"] = target
    state = cookie.setdefault(STATE, secrets.token_urlsafe(STATE_BYTES))
    query = urlencode({"state": state, "lang": current.language})
    return redirect(f"{current.config.way_to_vault}/vault/{page}?{query}")


@bp.get("/session")
@allow(Who.ANYONE, writes=True)
def open_account() -> Response:
    """Back from the vault with its assertion: the account is open, in a session that is all new."""
    accepted = assertions.accept(
        current.session,
        request.args.get("assertion", ""),
        current.config.assertion_public_key or "",
        current.config.public_url,
        cookie.get(STATE, ""),
        current.at,
    )
    account = accepted.account
    session.start(sign_ins.open_for_account(current.session, account.pseudonym, current.at, browser_name()))
    who = f"account:{account.pseudonym}"
    trail.record(current.session, current.at, who, "account.signed-in", who, request_id=current.id)
    target = cookie.pop("next", HOME)
    if accepted.failed_tries is not None:
        failed_tries.tell_person(*accepted.failed_tries)
    return redirect(target)


@bp.post("/sign-out")
@allow(Who.ANYONE)
def sign_out() -> Response:
    """The key is worth nothing any more, here or in any copy of it."""
    if current.person is not None:
        who = f"account:{current.person.account}" if current.person.account else f"staff:{current.person.staff}"
        trail.record(current.session, current.at, who, "signed-out", who, request_id=current.id)
    session.end(current.at)
    return redirect("/", 303)
