"""The one-time link with which an operator chooses a new password, which nobody else sees."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.errors import Refusal
from app.identity import operator_resets
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.request import current
from app.web.vault.new_password import PasswordForm
from app.web.vault.operator_frame import record

bp = Blueprint("vault_operator_reset", __name__)
DEAD = "operator-link-dead"


@bp.get("/vault/operators/new-password/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """The form; looking uses nothing up."""
    try:
        found = operator_resets.find(current.vault, token, current.at)
    except Refusal as refusal:
        return _dead(refusal)
    return _page(found.login, PasswordForm())


@bp.post("/vault/operators/new-password/<token>")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def choose(token: str) -> Any:
    """Take the new password, end every sign-in, and lead to the door: the second factor is asked for there."""
    form = PasswordForm(request.form)
    try:
        found = operator_resets.find(current.vault, token, current.at)
        if not form.validate():
            return _page(found.login, form)
        operator_resets.use(current.vault, token, form.password.data or "", current.at)
    except Refusal as refusal:
        if refusal.code == DEAD:
            return _dead(refusal)
        form.password.errors = [explained(refusal)[1]]
        return _page(found.login, form)
    record(found.id, "operator.password-chosen", f"operator:{found.id}")
    flash(_("Your new password holds from now on. Please sign in with it."), "success")
    return redirect(url_for("vault_operators.sign_in"), 303)


def _page(login: str, form: PasswordForm) -> tuple[str, int]:
    return render_template("vault/operator_reset.html", login=login, form=form), 422 if form.errors else 200


def _dead(refusal: Refusal) -> tuple[str, int]:
    status, sentence = explained(refusal)
    return render_template("vault/over.html", heading=_("This link is over"), sentence=sentence), status
