"""A participant's authenticator app: switched on with a code, and off with one; codes on paper in between."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.identity import identities, person_factors
from app.identity.models import Person
from app.second_factor import totp
from app.web import qr_code
from app.web.access import Who, allow
from app.web.code_form import CodeForm
from app.web.limits import CODES_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter, person_key
from app.web.locale import _
from app.web.request import current
from app.web.vault.duty import owner
from app.web.vault.handing_over import record
from app.web.vault.proving import proven
from app.web.vault.security_mails import tell

bp = Blueprint("vault_security_app", __name__)
OVERVIEW = "vault_security.overview"


def oneself() -> str:
    """Whose tries are counted."""
    return person_key(f"second factor of person {current.owner}")


@bp.get("/vault/security/app")
@allow(Who.OWNER, writes=True)
def set_up() -> Any:
    """A secret for the app, as a picture and in letters; the same until a code has confirmed it."""
    return _set_up_page(CodeForm())


@bp.post("/vault/security/app")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OWNER)
def confirm() -> Any:
    """Take the app into use and show the recovery codes this once."""
    person, form = _person(), CodeForm(request.form)
    if form.validate():
        if person_factors.kept(current.vault).confirm(person.id, form.code.data or "", current.at):
            codes = person_factors.recovery_codes(current.vault).renew(person.id, current.at)
            record(person, "second-factor.set-up")
            tell(person)
            return render_template("vault/recovery_codes.html", codes=codes, target=url_for(OVERVIEW))
        form.code.errors = [_("This code does not fit. Wait for the next one that the app shows, then type it in.")]
    return _set_up_page(form)


@bp.route("/vault/security/app/off", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.OWNER)
def switch_off() -> Any:
    """Off again, for whoever still has the app or one of its codes."""
    person, form = _person(), CodeForm(request.form)
    if not person_factors.is_on(current.vault, person.id, current.at):
        return redirect(url_for(OVERVIEW), 303)
    if request.method == "POST" and form.validate():
        if proven(person.id, form.code.data or "") is not None:
            person_factors.drop(current.vault, person.id)
            record(person, "second-factor.dropped")
            tell(person)
            flash(_("Done: nobody asks you for a code any more."), "success")
            return redirect(url_for(OVERVIEW), 303)
        form.code.errors = [_("This code does not fit, or was used already. Wait for the next one, then type it in.")]
    return render_template("vault/security_app_off.html", form=form), 422 if form.errors else 200


def _person() -> Person:
    return current.vault.get_one(Person, owner())


def _set_up_page(form: CodeForm) -> Any:
    person, factors = _person(), person_factors.kept(current.vault)
    if person_factors.is_on(current.vault, person.id, current.at):
        return redirect(url_for(OVERVIEW), 303)
    if factors.is_set_up(person.id):  # an app that has lapsed: a new one takes its place
        person_factors.drop(current.vault, person.id)
    secret, who = factors.begin(person.id, current.at), identities.read(current.vault, person)
    page = render_template(
        "vault/security_app.html",
        form=form,
        picture=qr_code.picture(totp.address(secret, who.email or who.given_name)),
        secret=totp.in_groups(secret),
    )
    return page, 422 if form.errors else 200
