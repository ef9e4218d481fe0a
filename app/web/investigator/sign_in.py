"""Professionals sign in on the study side, with a login, a password and, outside the demonstration, a second factor."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app import demo_accounts
from app.accounts import factors, sign_ins, staff
from app.accounts.models import Staff
from app.audit import trail
from app.passkeys import ceremony
from app.web import local_url, session
from app.web.access import Who, allow, is_half_staff, is_staff
from app.web.browser_names import browser_name
from app.web.investigator.proving import TRIES, welcome
from app.web.limits import SIGN_INS_PER_ORIGIN, SIGN_INS_PER_PERSON, guesses_key, know_again, limiter
from app.web.locale import _, lazy
from app.web.navigation import staff_home
from app.web.request import current

bp = Blueprint("investigator_sign_in", __name__)
TOO_LONG = lazy("This is too long.")
LONGEST_TARGET = 500  # it waits in the cookie, which holds 4 kB


class SignInForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What a professional types."""

    login = StringField(validators=[InputRequired(lazy("Enter your login.")), Length(max=80, message=TOO_LONG)])
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your password.")), Length(max=1000, message=TOO_LONG)]
    )


def typed_person() -> str:
    """Whose tries are counted, whether or not there is such a login."""
    return guesses_key(_typed_login())


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(SIGN_INS_PER_PERSON, methods=["POST"], key_func=typed_person)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """The form; a wrong login and a wrong password get one and the same answer."""
    form = SignInForm(request.form)
    wanted = request.values.get("next", "")
    target = wanted if local_url.is_local(wanted) and len(wanted) <= LONGEST_TARGET else ""
    if request.method == "GET" and current.person is not None and is_staff(current.person):
        return redirect(target or staff_home(current.person.roles or ()))
    if request.method == "GET" and is_half_staff(current.person):
        return redirect(url_for("investigator_second_factor.prove"))
    if request.method == "POST" and form.validate():
        found = _authenticated(form)
        if found is not None:
            return know_again(_open(found, form, target), _typed_login())
        form.form_errors.append(_("This login and this password do not go together. Please check both and try again."))
        return TRIES.note_wrong_password(_page(form, target), _typed_login())
    return _page(form, target)


def _page(form: SignInForm, target: str) -> tuple[str, int]:
    place = ceremony.place_of(current.config.public_url)
    page = render_template("investigator/sign_in.html", form=form, target=target, demo=_demo(), place=place)
    return page, 422 if form.errors else 200


def _typed_login() -> str:
    return staff.login_key(request.form.get("login", ""))


def _authenticated(form: SignInForm) -> Staff | None:
    # Hashing takes a while: a storm of wrong passwords must not hold the lock that patients' answers wait for.
    with current.reader("study") as reading:
        return staff.authenticate(reading, form.login.data or "", form.password.data or "")


def _open(found: Staff, form: SignInForm, target: str) -> Response:
    """Into the studies or, outside the demonstration, half-way: to the second factor or to setting one up."""
    staff.renew_hash(current.session, found.id, form.password.data or "")
    if current.config.needs_second_factor:
        has_factor = factors.kept(current.session).is_set_up(found.id)
        _start(sign_ins.open_half(current.session, found.id, current.at), found.id, "staff.password-given")
        cookie["next"] = target
        step = "investigator_second_factor.prove" if has_factor else "investigator_second_factor.set_up"
        return redirect(url_for(step), 303)
    key = sign_ins.open_for_staff(current.session, found.id, current.at, browser_name())
    _start(key, found.id, "staff.signed-in")
    welcome(found.id)
    return redirect(target or staff_home(found.roles), 303)


def _start(key: str, staff_id: int, action: str) -> None:
    session.start(key)
    who = f"staff:{staff_id}"
    trail.record(current.session, current.at, who, action, who, request_id=current.id)


def _demo() -> dict[str, tuple[str, str]] | None:
    """The sign-ins that the demonstration shows to everybody."""
    if not current.config.is_demo:
        return None
    return {
        "investigator": (demo_accounts.DEMO_STAFF_LOGIN, demo_accounts.DEMO_STAFF_PASSWORD),
        "manager": (demo_accounts.DEMO_MANAGER_LOGIN, demo_accounts.DEMO_MANAGER_PASSWORD),
    }
