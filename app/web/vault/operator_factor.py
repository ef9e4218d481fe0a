"""The second step of an operator's sign-in: a code of the authenticator app, and setting that app up first."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.identity import operator_factors, operators
from app.second_factor import totp
from app.web import qr_code
from app.web.access import Who, allow
from app.web.browser_names import browser_name
from app.web.code_form import CodeForm
from app.web.limits import CODES_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter, person_key
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.duty import HELD, half_operator
from app.web.vault.operator_frame import record
from app.web.vault.operator_proving import TRIES, proven, welcome

bp = Blueprint("vault_operator_factor", __name__)


class SetUpForm(CodeForm):
    """The same, and the code that somebody else has handed over."""

    handed = StringField(
        validators=[InputRequired(lazy("Enter the one-time code.")), Length(max=40, message=lazy("This is too long."))]
    )


def half_way() -> str:
    """Whose tries are counted: the operator's, of whom the password is known already."""
    return person_key(f"second factor of operator {current.half_operator}")


@bp.route("/vault/operators/second-factor", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=half_way)
@allow(Who.HALF_OPERATOR)
def prove() -> Any:
    """Ask for a code of the app, or one of the recovery codes in its place."""
    who = half_operator()
    if not operator_factors.kept(current.vault).is_set_up(who):
        return redirect(url_for("vault_operator_factor.set_up"), 303)
    form = CodeForm(request.form)
    is_wrong = False
    if request.method == "POST" and form.validate():
        way = proven(who, form.code.data or "")
        if way is not None:
            _start(who)
            welcome(who, way)
            return redirect(url_for("vault_operators.requests"), 303)
        form.code.errors = [_("This code does not fit, or was used already. Wait for the next one, then type it in.")]
        is_wrong = True
    page = render_template("vault/operator_factor.html", form=form), 422 if form.errors else 200
    return TRIES.note_wrong_code(page, who) if is_wrong else page


@bp.get("/vault/operators/second-factor/set-up")
@allow(Who.HALF_OPERATOR, writes=True)
def set_up() -> Any:
    """A secret for the app, as a picture and in letters; the same until a code has confirmed it."""
    return _set_up_page(half_operator(), SetUpForm())


@bp.post("/vault/operators/second-factor/set-up")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@limiter.limit(CODES_PER_PERSON, key_func=half_way)
@allow(Who.HALF_OPERATOR)
def confirm() -> Any:
    """Take the app into use, show the recovery codes this once, and the sign-in is whole."""
    who, form = half_operator(), SetUpForm(request.form)
    codes = operator_factors.recovery_codes(current.vault)
    if form.validate():
        # Refused below, with a status that stores nothing, the one-time code is as good as before.
        if not codes.use(who, form.handed.data or "", current.at):
            form.handed.errors = [_("This one-time code is not right, or another one has been made since.")]
        elif not operator_factors.kept(current.vault).confirm(who, form.code.data or "", current.at):
            form.code.errors = [_("This code does not fit. Wait for the next one that the app shows, then type it in.")]
        else:
            _start(who)
            record(who, "operator.second-factor-set-up", f"operator:{who}")
            return render_template(
                "vault/recovery_codes.html",
                codes=codes.renew(who, current.at),
                target=url_for("vault_operators.requests"),
            )
    return _set_up_page(who, form)


def _set_up_page(who: int, form: SetUpForm) -> Any:
    factors = operator_factors.kept(current.vault)
    if factors.is_set_up(who):
        return redirect(url_for("vault_operator_factor.prove"), 303)
    secret = factors.begin(who, current.at)
    page = render_template(
        "vault/operator_set_up.html",
        form=form,
        picture=qr_code.picture(totp.address(secret, operators.names(current.vault)[who])),
        secret=totp.in_groups(secret),
    )
    return page, 422 if form.errors else 200


def _start(who: int) -> None:
    """The whole sign-in in place of the half one, under a new key."""
    operators.end(current.vault, session[HELD], current.at)
    session.clear()
    session[HELD] = operators.open_sign_in(current.vault, who, current.at, browser=browser_name())
