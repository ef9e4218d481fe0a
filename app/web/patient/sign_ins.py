"""Where a participant is signed in, with the means to end it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import own_sign_ins
from app.audit import trail
from app.web.access import Who, account_of, allow
from app.web.locale import _
from app.web.request import current
from app.web.session import holder

bp = Blueprint("patient_sign_ins", __name__)


@bp.get("/account/sign-ins")
@allow(Who.PARTICIPANT)
def listing() -> str:
    """Every browser that is signed in at this moment, this one first."""
    return render_template("patient/sign_ins.html", held=own_sign_ins.listed(current.session, holder(), current.at))


@bp.post("/account/sign-ins")
@allow(Who.PARTICIPANT)
def end() -> Response:
    """Sign out one other browser, or all others."""
    handle = request.form.get("one", "")
    if handle:
        own_sign_ins.end_one(current.session, holder(), handle, current.at)
    else:
        own_sign_ins.end_others(current.session, holder(), current.at)
    who = f"account:{account_of(current.person)}"
    trail.record(current.session, current.at, who, "sign-ins.ended", who, {"which": handle or "others"}, current.id)
    flash(_("Done. Whoever was signed in there has to sign in again."), "success")
    return redirect(url_for("patient_sign_ins.listing"), 303)
