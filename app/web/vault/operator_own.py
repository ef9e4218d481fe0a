"""An operator's own access: the password, the second factor, where one is signed in, and what has changed."""

from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.identity import operator_factors, operator_own_sign_ins, operators
from app.web import proof
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.locale import _
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.vault.duty import HELD, operator
from app.web.vault.operator_frame import page as framed
from app.web.vault.operator_own_frame import ACCOUNT, PROOF, key, oneself, page, proven_as, record
from app.web.vault.operator_proving import is_password

bp = Blueprint("vault_operator_own", __name__)


@bp.get("/vault/operators/account")
@allow(Who.OPERATOR)
def account() -> Any:
    """The access as it is."""
    return page()


@bp.post("/vault/operators/account/password")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def change_password() -> Any:
    """Take another password and end every other sign-in."""
    who, form = operator(), NewPasswordForm(request.form)
    if not form.validate():
        return page(form)
    try:
        if not is_password(who, form.old_password.data or ""):
            form.old_password.errors = [_("This is not your password of today.")]
            return page(form)
        operators.change_password(current.vault, who, form.password.data or "")
    except Refusal as refusal:
        form.password.errors = [explained(refusal)[1]]
        return page(form)
    operator_own_sign_ins.end_others(current.vault, who, key(), current.at)
    record("operator.password-changed")
    flash(_("Your new password holds from now on, and you are signed out everywhere else."), "success")
    return redirect(url_for(ACCOUNT), 303)


@bp.post("/vault/operators/account/recovery-codes")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def renew_codes() -> Any:
    """New recovery codes, shown this once; those of before count no longer."""
    who = operator()
    if not operator_factors.kept(current.vault).is_set_up(who):
        return redirect(url_for(ACCOUNT), 303)
    codes = operator_factors.recovery_codes(current.vault).renew(who, current.at)
    record("operator.recovery-codes-renewed")
    return framed("vault/recovery_codes.html", codes=codes, target=url_for(ACCOUNT), are_renewed=True)


@bp.post("/vault/operators/account/second-factor")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def change_factor() -> Any:
    """Another telephone: the app, codes and passkeys of before count no longer; a one-time code leads to a new one."""
    who = operator()
    if not current.config.needs_second_factor:
        return redirect(url_for(ACCOUNT), 303)
    code = operator_factors.hand_out(current.vault, who, current.at)
    record("operator.second-factor-dropped")
    session.clear()
    session[HELD] = operators.open_sign_in(current.vault, who, current.at, is_half=True)
    return framed("vault/operator_own_handed.html", code=code)


@bp.post("/vault/operators/account/sign-ins")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def end_sign_ins() -> Response:
    """Sign out one other browser, or all others."""
    handle = request.form.get("one", "")
    if handle:
        operator_own_sign_ins.end_one(current.vault, operator(), handle, current.at)
    else:
        operator_own_sign_ins.end_others(current.vault, operator(), key(), current.at)
    record("operator.sign-ins-ended")
    flash(_("Done. Whoever was signed in there has to sign in again."), "success")
    return redirect(url_for(ACCOUNT), 303)
