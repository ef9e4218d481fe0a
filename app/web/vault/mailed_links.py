"""Links by e-mail: to sign in without a password, and to choose a new one. Asking tells nobody who has an account."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import EmailField, Form
from wtforms.validators import InputRequired, Length

from app.errors import Refusal
from app.identity import ledger, link_mails, mailed_links, people
from app.identity.mailed_links import Asked, OpenLink
from app.web.access import Who, allow
from app.web.afterwards import answered
from app.web.errors import explained
from app.web.limits import LINKS_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import lazy
from app.web.request import current
from app.web.vault import states
from app.web.vault.handing_over import hand_over
from app.web.vault.new_password import PasswordForm, is_good
from app.web.vault.security_mails import tell
from app.web.vault.typed_address import typed_person_here

bp = Blueprint("vault_mailed_links", __name__)
BROWSER = "asked_by"
BROWSER_BYTES = 24
PURPOSES = "<any('sign-in', 'password'):purpose>"
TOO_LONG = lazy("This is too long.")


class AskForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Where the link goes."""

    email = EmailField(
        validators=[InputRequired(lazy("Enter your e-mail address.")), Length(max=254, message=TOO_LONG)]
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """A link that somebody asked for, with all that sending it needs once the request is over."""

    email: str
    purpose: str
    asked: Asked
    link: str
    at: datetime


@bp.route(f"/vault/ask/{PURPOSES}", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(LINKS_PER_PERSON, methods=["POST"], key_func=typed_person_here)
@allow(Who.ANYONE)
def ask(purpose: str) -> Any:
    """Ask for a link. Whether somebody has that address is looked up when the answer is already on its way."""
    state = states.given()
    if state is None:
        return states.begin()
    form = AskForm(request.form)
    is_asked = request.method == "POST" and form.validate()
    status = 422 if form.errors else 200
    page = render_template("vault/link_ask.html", form=form, state=state, purpose=purpose, is_asked=is_asked)
    if not is_asked:
        return page, status
    browser = session.setdefault(BROWSER, secrets.token_urlsafe(BROWSER_BYTES))
    wish = Wish(
        form.email.data or "", purpose, Asked(browser, state), f"{current.config.vault_url}/vault/l/", current.at
    )
    return answered(page, "vault", lambda own: _send(own, wish))


def _send(own: Session, wish: Wish) -> None:
    """Find the person and write, after the answer: its time is the same for everybody."""
    pseudonym = link_mails.send(own, wish.email, wish.purpose, wish.asked, wish.link, wish.at)
    if pseudonym is not None:
        ledger.record(own, wish.at, "anyone", "link.asked", f"account:{pseudonym}", {"purpose": wish.purpose})


@bp.get("/vault/l/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """What the link does, and the button that does it. Looking uses nothing up, since mail scanners look too."""
    try:
        return _page(mailed_links.find(current.vault, token, session.get(BROWSER, ""), current.at), PasswordForm())
    except Refusal as refusal:
        return _dead(refusal)


@bp.post("/vault/l/<token>")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def follow(token: str) -> Any:
    """Sign in, or take the new password and sign in with it."""
    browser = session.get(BROWSER, "")
    form = PasswordForm(request.form)
    try:
        found = mailed_links.find(current.vault, token, browser, current.at)
        if found.purpose == "password" and not is_good(form, found.person):
            return _page(found, form), 422
        found = mailed_links.use(current.vault, token, browser, current.at)
    except Refusal as refusal:
        return _dead(refusal)
    if found.purpose == "sign-in":
        return hand_over(found.person, found.state, "signed-in.by-link")
    people.set_password(current.vault, found.person, form.password.data or "")
    tell(found.person)
    return hand_over(found.person, found.state, "password.chosen", ends_others=True)


def _page(found: OpenLink, form: PasswordForm) -> str:
    if not found.is_same_browser:
        raise Refusal("mailed-link-elsewhere")
    return render_template("vault/link.html", purpose=found.purpose, form=form)


def _dead(refusal: Refusal) -> tuple[str, int] | Response:
    status, sentence = explained(refusal)
    return render_template(
        "vault/link_dead.html", sentence=sentence, is_dead=refusal.code == "mailed-link-dead"
    ), status
