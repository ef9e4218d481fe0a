"""The one-time link with which a professional chooses a new password, which nobody else sees."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import Form, PasswordField
from wtforms.validators import InputRequired, Length

from app.accounts import reset_links
from app.audit import trail
from app.errors import Refusal
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator.own_tidings import known_words, tell
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("investigator_reset", __name__)
DEAD = "reset-link-dead"


class PasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The new password."""

    password = PasswordField(
        validators=[
            InputRequired(lazy("Enter your new password.")),
            Length(max=1000, message=lazy("This is too long.")),
        ]
    )


@bp.get("/staff/new-password/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """The form; looking uses nothing up."""
    try:
        found = reset_links.find(current.session, token, current.at)
    except Refusal as refusal:
        return _dead(refusal)
    return render_template("investigator/reset.html", login=found.login, form=PasswordForm())


@bp.post("/staff/new-password/<token>")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def choose(token: str) -> Any:
    """Take the new password, end every sign-in, and lead to the door: the second factor is asked for there."""
    form = PasswordForm(request.form)
    try:
        found = reset_links.find(current.session, token, current.at)
        if not form.validate():
            return render_template("investigator/reset.html", login=found.login, form=form), 422
        reset_links.use(current.session, token, form.password.data or "", current.at, known_words(found.id))
    except Refusal as refusal:
        if refusal.code == DEAD:
            return _dead(refusal)
        form.password.errors = [explained(refusal)[1]]
        return render_template("investigator/reset.html", login=found.login, form=form), 422
    tell(found.id, "password")
    who = f"staff:{found.id}"
    trail.record(current.session, current.at, who, "staff.password-chosen", who, request_id=current.id)
    flash(_("Your new password holds from now on. Please sign in with it."), "success")
    return redirect(url_for("investigator_sign_in.sign_in"), 303)


def _dead(refusal: Refusal) -> tuple[str, int]:
    status, sentence = explained(refusal)
    return render_template("investigator/reset_dead.html", sentence=sentence), status
