"""A professional's own access: the password, the second factor, and where one is signed in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField
from wtforms.validators import InputRequired, Length

from app.accounts import factors, own_sign_ins, recovery_codes, sign_ins, staff
from app.accounts.models import Staff
from app.audit import trail
from app.errors import Refusal
from app.web import session
from app.web.access import Who, allow, staff_of
from app.web.errors import explained
from app.web.limits import CODES_PER_PERSON, limiter, person_key
from app.web.locale import _, lazy
from app.web.request import current
from app.web.session import holder

bp = Blueprint("investigator_own_account", __name__)
TOO_LONG = lazy("This is too long.")


class PasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password of today, and the one from now on."""

    old_password = PasswordField(
        validators=[InputRequired(lazy("Enter your password.")), Length(max=1000, message=TOO_LONG)]
    )
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your new password.")), Length(max=1000, message=TOO_LONG)]
    )


class FactorForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password, once more, before the second factor changes."""

    own_password = PasswordField(
        validators=[InputRequired(lazy("Enter your password.")), Length(max=1000, message=TOO_LONG)]
    )


def oneself() -> str:
    """Whose tries are counted: whoever sits at somebody else's screen must not guess the password there."""
    who = current.person.staff if current.person is not None else None
    return person_key(f"own password of {who}")


@bp.get("/staff/account")
@allow(Who.STAFF)
def account() -> Any:
    """The account as it is."""
    return _page(PasswordForm(), FactorForm())


@bp.post("/staff/account/password")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
def change_password() -> Any:
    """Take another password and end every other sign-in."""
    who, form = staff_of(current.person), PasswordForm(request.form)
    if not form.validate() or not _is_own(who, form.old_password):
        return _page(form, FactorForm())
    try:
        staff.change_password(current.session, who, form.password.data or "")
    except Refusal as refusal:
        form.password.errors = [explained(refusal)[1]]
        return _page(form, FactorForm())
    own_sign_ins.end_others(current.session, holder(), current.at)
    _record("staff.password-changed")
    flash(_("Your new password holds from now on, and you are signed out everywhere else."), "success")
    return redirect(url_for("investigator_own_account.account"), 303)


@bp.post("/staff/account/second-factor")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
def change_factor() -> Any:
    """Another telephone: the app of before and its recovery codes count no longer, and a new one is set up at once."""
    who, form = staff_of(current.person), FactorForm(request.form)
    if not current.config.needs_second_factor:
        return redirect(url_for("investigator_own_account.account"), 303)
    if not form.validate() or not _is_own(who, form.own_password):
        return _page(PasswordForm(), form)
    factors.drop(current.session, who)
    recovery_codes.forget(current.session, who)
    sign_ins.end_all_of_staff(current.session, who, current.at)
    _record("staff.second-factor-dropped")
    session.start(sign_ins.open_half(current.session, who, current.at))
    return redirect(url_for("investigator_second_factor.set_up"), 303)


@bp.post("/staff/account/sign-ins")
@allow(Who.STAFF)
def end_sign_ins() -> Response:
    """Sign out one other browser, or all others."""
    handle = request.form.get("one", "")
    if handle:
        own_sign_ins.end_one(current.session, holder(), handle, current.at)
    else:
        own_sign_ins.end_others(current.session, holder(), current.at)
    _record("sign-ins.ended")
    flash(_("Done. Whoever was signed in there has to sign in again."), "success")
    return redirect(url_for("investigator_own_account.account"), 303)


def _is_own(who: int, field: PasswordField) -> bool:
    """Whether the professional's password was typed; if not, the field says so."""
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("study") as reading:
        login = reading.get_one(Staff, who).login
        is_right = staff.authenticate(reading, login, field.data or "") is not None
    if not is_right:
        field.errors = [_("This is not your password of today.")]
    return is_right


def _page(password_form: PasswordForm, factor_form: FactorForm) -> tuple[str, int]:
    who = staff_of(current.person)
    page = render_template(
        "investigator/own_account.html",
        me=current.session.get_one(Staff, who),
        password_form=password_form,
        factor_form=factor_form,
        held=own_sign_ins.listed(current.session, holder(), current.at),
        codes_left=recovery_codes.left(current.session, who),
    )
    return page, 422 if password_form.errors or factor_form.errors else 200


def _record(action: str) -> None:
    who = f"staff:{staff_of(current.person)}"
    trail.record(current.session, current.at, who, action, who, request_id=current.id)
