"""The second step of a professional's sign-in: a code of the authenticator app, and setting that app up first."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie

from app.accounts import factors, sign_ins
from app.accounts.models import Staff, StaffFactor
from app.audit import trail
from app.second_factor import totp
from app.second_factor.factors import Factors
from app.web import qr_code, session
from app.web.access import Who, allow, staff_of
from app.web.browser_names import browser_name
from app.web.code_form import CodeForm
from app.web.investigator.own_tidings import tell
from app.web.investigator.proving import TRIES, proven, welcome
from app.web.limits import CODES_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter, person_key
from app.web.locale import _
from app.web.navigation import staff_home
from app.web.request import current

bp = Blueprint("investigator_second_factor", __name__)


def half_way() -> str:
    """Whose tries are counted: the professional's, of whom the password is known already."""
    who = current.person.staff if current.person is not None else None
    return person_key(f"second factor of {who}")


@bp.route("/staff/second-factor", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=half_way)
@allow(Who.HALF_STAFF)
def prove() -> Any:
    """Ask for a code of the app, or one of the recovery codes in its place."""
    who = staff_of(current.person)
    if not factors.kept(current.session).is_set_up(who):
        return redirect(url_for("investigator_second_factor.set_up"), 303)
    form, is_wrong = CodeForm(request.form), False
    if request.method == "POST" and form.validate():
        way = proven(who, form.code.data or "")
        if way is not None:
            _start(who, "staff.signed-in", way)
            return redirect(_target(who), 303)
        form.code.errors = [_("This code does not fit, or was used already. Wait for the next one, then type it in.")]
        is_wrong = True
    page = render_template("investigator/second_factor.html", form=form), 422 if form.errors else 200
    return TRIES.note_wrong_code(page, who) if is_wrong else page


@bp.get("/staff/second-factor/set-up")
@allow(Who.HALF_STAFF, writes=True)
def set_up() -> Any:
    """A secret for the app, as a picture and in letters; the same until a code has confirmed it."""
    return _set_up_page(staff_of(current.person), CodeForm())


@bp.post("/staff/second-factor/set-up")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@limiter.limit(CODES_PER_PERSON, key_func=half_way)
@allow(Who.HALF_STAFF)
def confirm() -> Any:
    """Take the app into use, show the recovery codes this once, and the sign-in is whole."""
    who, form = staff_of(current.person), CodeForm(request.form)
    if form.validate():
        if _factors().confirm(who, form.code.data or "", current.at):
            codes = factors.recovery_codes(current.session).renew(who, current.at)
            target = _target(who)
            _start(who, "staff.second-factor-set-up", "app")
            tell(who, "app")
            return render_template("investigator/recovery_codes.html", codes=codes, target=target)
        form.code.errors = [_("This code does not fit. Wait for the next one that the app shows, then type it in.")]
    return _set_up_page(who, form)


def _set_up_page(who: int, form: CodeForm) -> Any:
    if factors.kept(current.session).is_set_up(who):
        return redirect(url_for("investigator_second_factor.prove"), 303)
    secret = _factors().begin(who, current.at)
    login = current.session.get_one(Staff, who).login
    page = render_template(
        "investigator/second_factor_set_up.html",
        form=form,
        picture=qr_code.picture(totp.address(secret, login)),
        secret=totp.in_groups(secret),
    )
    return page, 422 if form.errors else 200


def _factors() -> Factors[StaffFactor]:
    return factors.kept(current.session, current.config.staff_key)


def _start(who: int, action: str, way: str) -> None:
    """The whole sign-in in place of the half one, under a new key."""
    session.start(sign_ins.open_for_staff(current.session, who, current.at, browser_name()))
    actor = f"staff:{who}"
    trail.record(current.session, current.at, actor, action, actor, {"second_factor": way}, current.id)
    welcome(who)


def _target(who: int) -> str:
    return cookie.pop("next", "") or staff_home(current.session.get_one(Staff, who).roles)
