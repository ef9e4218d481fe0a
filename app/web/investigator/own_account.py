"""A professional's own access: the password, the second factor, and where one is signed in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import factors, own_sign_ins, sign_ins, staff
from app.errors import Refusal
from app.web import proof, session
from app.web.access import Who, allow, staff_of
from app.web.errors import explained
from app.web.investigator.own_frame import ACCOUNT, PROOF, oneself, page, proven_as, record
from app.web.investigator.own_tidings import known_words, tell
from app.web.investigator.proving import is_password
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.locale import _
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.session import holder

bp = Blueprint("investigator_own_account", __name__)


@bp.get("/staff/account")
@allow(Who.STAFF)
def account() -> Any:
    """The account as it is."""
    return page()


@bp.post("/staff/account/password")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def change_password() -> Any:
    """Take another password and end every other sign-in."""
    who, form = staff_of(current.person), NewPasswordForm(request.form)
    if not form.validate():
        return page(form)
    try:
        if not is_password(who, form.old_password.data or ""):
            form.old_password.errors = [_("This is not your password of today.")]
            return page(form)
        staff.change_password(current.session, who, form.password.data or "", known_words(who))
    except Refusal as refusal:
        form.password.errors = [explained(refusal)[1]]
        return page(form)
    own_sign_ins.end_others(current.session, holder(), current.at)
    record("staff.password-changed")
    tell(who, "password")
    flash(_("Your new password holds from now on, and you are signed out everywhere else."), "success")
    return redirect(url_for(ACCOUNT), 303)


@bp.post("/staff/account/recovery-codes")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def renew_codes() -> Any:
    """New recovery codes, shown this once; those of before count no longer."""
    who = staff_of(current.person)
    if not factors.kept(current.session).is_set_up(who):
        return redirect(url_for(ACCOUNT), 303)
    codes = factors.recovery_codes(current.session).renew(who, current.at)
    record("staff.recovery-codes-renewed")
    tell(who, "codes")
    return render_template("investigator/recovery_codes.html", codes=codes, target=url_for(ACCOUNT), are_renewed=True)


@bp.post("/staff/account/second-factor")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def change_factor() -> Any:
    """Another telephone: the app of before and its recovery codes count no longer, and a new one is set up at once."""
    who = staff_of(current.person)
    if not current.config.needs_second_factor:
        return redirect(url_for(ACCOUNT), 303)
    factors.kept(current.session).drop(who)
    factors.recovery_codes(current.session).forget(who)
    sign_ins.end_all_of_staff(current.session, who, current.at)
    record("staff.second-factor-dropped")
    tell(who, "app")
    session.start(sign_ins.open_half(current.session, who, current.at))
    return redirect(url_for("investigator_second_factor.set_up"), 303)


@bp.post("/staff/account/sign-ins")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def end_sign_ins() -> Response:
    """Sign out one other browser, or all others."""
    handle = request.form.get("one", "")
    if handle:
        own_sign_ins.end_one(current.session, holder(), handle, current.at)
    else:
        own_sign_ins.end_others(current.session, holder(), current.at)
    record("sign-ins.ended")
    flash(_("Done. Whoever was signed in there has to sign in again."), "success")
    return redirect(url_for(ACCOUNT), 303)
