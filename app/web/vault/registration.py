"""Citizens register themselves, without any study. The answer is the same, and as fast, whoever has the address."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, Form, StringField
from wtforms.validators import InputRequired, Length, Regexp

from app.errors import Refusal
from app.identity import ledger, registrations
from app.identity.identity import Identity
from app.identity.models import Person
from app.identity.registrations import KEPT_FOR, Wish
from app.web.access import Who, allow
from app.web.afterwards import answered
from app.web.errors import explained
from app.web.limits import LINKS_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.new_password import TOO_LONG, PasswordForm, is_good
from app.web.vault.reading import read_on_in
from app.web.vault.typed_address import ADDRESS, typed_person_here

bp = Blueprint("vault_registration", __name__)
TERMS = "2"
"""Which version of the terms the page shows; it is written down with each registration."""


class RegistrationForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """As little as an account needs."""

    given_name = StringField(
        lazy("Given name"), [InputRequired(lazy("Enter your given name.")), Length(max=120, message=TOO_LONG)]
    )
    family_name = StringField(
        lazy("Family name"), [InputRequired(lazy("Enter your family name.")), Length(max=120, message=TOO_LONG)]
    )
    email = EmailField(
        lazy("E-mail address"),
        [
            InputRequired(lazy("Enter your e-mail address.")),
            Length(max=254, message=TOO_LONG),
            Regexp(ADDRESS, message=lazy("Enter an address such as name@example.org.")),
        ],
        description=lazy("We send you a link to confirm it."),
    )
    terms = BooleanField(
        lazy("I have read this and I agree."), [InputRequired(lazy("Say that you agree, or leave the page."))]
    )


@bp.route("/vault/register", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(LINKS_PER_PERSON, methods=["POST"], key_func=typed_person_here)
@allow(Who.ANYONE)
def ask() -> Any:
    """The form. What is done with it is done when the answer is already on its way."""
    read_on_in(request.args.get("lang", ""))
    form = RegistrationForm(request.form)
    is_asked = request.method == "POST" and form.validate()
    page = render_template("vault/register.html", form=form, is_asked=is_asked, days=KEPT_FOR.days)
    answer = page, 422 if form.errors else 200
    if not is_asked:
        return answer
    wish, at = _wish(form), current.at
    # After the answer: its time is the same for everybody.
    return answered(answer, "vault", lambda own: registrations.ask(own, wish, at))


def _wish(form: RegistrationForm) -> Wish:
    config = current.config
    return Wish(
        Identity(form.email.data.strip(), form.given_name.data.strip(), form.family_name.data.strip()),
        current.language,
        TERMS,
        f"{config.vault_url}/vault/register/",
        f"{config.public_url}/sign-in",
    )


@bp.get("/vault/register/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """Choose a password. Looking uses nothing up, since mail scanners look too."""
    try:
        registrations.find(current.vault, token, current.at)
    except Refusal as refusal:
        return _over(refusal)
    return render_template("vault/register_confirm.html", form=PasswordForm(), token=token)


@bp.post("/vault/register/<token>")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def confirm(token: str) -> Any:
    """The address is confirmed and the account is there; it is signed in to like every other."""
    form = PasswordForm(request.form)
    try:
        found = registrations.find(current.vault, token, current.at)
        if not is_good(form, current.vault.get_one(Person, found.person_id)):
            return render_template("vault/register_confirm.html", form=form, token=token), 422
        who = f"account:{registrations.confirm(current.vault, token, form.password.data or '', current.at)}"
    except Refusal as refusal:
        return _over(refusal)
    ledger.record(current.vault, current.at, who, "registration.confirmed", who, {"terms": TERMS}, current.id)
    return redirect(f"{current.config.way_to_study}/sign-in", 303)


def _over(refusal: Refusal) -> tuple[str, int] | Response:
    status, sentence = explained(refusal)
    return render_template("vault/over.html", heading=_("This link is over"), sentence=sentence), status
