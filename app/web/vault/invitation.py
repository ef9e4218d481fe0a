"""Somebody who was enrolled chooses a password, on the page that the invitation leads to."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import Form, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app import passwords
from app.errors import Refusal
from app.identity import invitations, ledger
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import lazy
from app.web.request import current

bp = Blueprint("vault_invitation", __name__)
WEAK = ("password-short", "password-yours", "password-common")


class PasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """A new password, twice: nobody sees what is typed."""

    password = PasswordField(
        lazy("Password"),
        [
            InputRequired(lazy("Choose a password.")),
            Length(
                min=passwords.SHORTEST,
                max=1000,
                message=lazy("Choose a password of at least 12 characters, such as four words in a row."),
            ),
        ],
    )
    again = PasswordField(
        lazy("The same password again"), [EqualTo("password", lazy("The two passwords are not the same."))]
    )


@bp.route("/vault/welcome/<token>", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@allow(Who.ANYONE)
def choose(token: str) -> Any:
    """Looking uses nothing up, since mail scanners look too; the button does."""
    invitations.find(current.vault, token, current.at)
    form = PasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            account = f"account:{invitations.choose(current.vault, token, form.password.data, current.at)}"
        except Refusal as refusal:
            if refusal.code not in WEAK:
                raise
            form.password.errors = [explained(refusal)[1]]
        else:
            ledger.record(current.vault, current.at, account, "password.chosen", account, request_id=current.id)
            return redirect(f"{current.config.way_to_study}/sign-in", 303)
    return render_template("vault/welcome.html", form=form, token=token), 422 if form.errors else 200
