"""Who among the professionals can sign in; help for whoever has lost a way in; the end and the return of accounts."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import closing, factors, reset_links, sign_ins, staff, staff_contacts
from app.accounts.models import Staff
from app.errors import Refusal
from app.notices import staff_outbox
from app.studies import departures
from app.web import account_reasons
from app.web.access import Who, allow
from app.web.admin.frame import record, staff_id
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current

bp = Blueprint("admin_staff_access", __name__)
BIGGEST_ID = 2**31 - 1
PERSON = f"/manage/staff/<int(max={BIGGEST_ID}):number>"
LISTING = "admin_staff_access.listing"


@bp.get("/manage/staff")
@allow(Who.DATA_MANAGER)
def listing() -> str:
    """All professionals, each with whether the second factor is set up and whether letters reach them."""
    people = staff.everybody(current.session)
    with_factor = factors.kept(current.session).those_set_up()
    with_address = staff_contacts.those_reachable(current.session)
    return render_template("admin/staff_access.html", people=people, with_factor=with_factor, with_address=with_address)


@bp.route(f"{PERSON}/link", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def link(number: int) -> Any:
    """Make a link, shown this once, to be handed over in person or by telephone; not one for oneself."""
    person, address = _somebody_else(number), None
    if request.method == "POST":
        drops = request.form.get("drops_factor") == "1"
        token = reset_links.make(current.session, number, current.at, drops_factor=drops)
        record("staff.reset-link-made", f"staff:{number}", {"drops_factor": drops})
        address = current.config.public_url + url_for("investigator_reset.look", token=token)
    return render_template("admin/staff_link.html", person=person, address=address)


@bp.get(f"{PERSON}/end")
@allow(Who.DATA_MANAGER)
def end(number: int) -> str:
    """What ending sign-ins does, what closing does, and a button for each."""
    person = _somebody_else(number)
    alone = departures.left_alone_by(current.session, number)
    return render_template("admin/staff_end.html", person=person, alone=[study.code for study in alone])


@bp.post(f"{PERSON}/sign-ins")
@allow(Who.DATA_MANAGER)
def end_sign_ins(number: int) -> Response:
    """Sign somebody out everywhere."""
    person = _somebody_else(number)
    sign_ins.end_all_of_staff(current.session, number, current.at)
    record("staff.sign-ins-ended", f"staff:{number}", {})
    flash(_("%(name)s is signed out everywhere.", name=person.name), "success")
    return redirect(url_for(LISTING), 303)


@bp.post(f"{PERSON}/close")
@allow(Who.DATA_MANAGER)
def close(number: int) -> Response:
    """Close the account: no way in, no appointment, no message; what was done there stays on record."""
    person = _somebody_else(number)
    ended, taken_over = departures.leave(current.session, number, staff_id())
    facts = {"appointments": ended, "taken_over": [study.code for study in taken_over]}
    # The trail first, as every sign-in does: two of them must not wait for each other crosswise.
    record("staff.account-closed", f"staff:{number}", facts)
    closing.close(current.session, number, current.at)
    staff_outbox.drop_all(current.session, number)
    flash(_("The account of %(name)s is closed.", name=person.name), "success")
    return redirect(url_for(LISTING), 303)


@bp.route(f"{PERSON}/reopen", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def reopen(number: int) -> Any:
    """Open a closed account again, without a way in; the next step is a one-time link."""
    person, problem = _somebody_else(number, is_closed=True), None
    if request.method == "POST":
        reason = account_reasons.chosen(account_reasons.TO_REOPEN)
        record("staff.account-reopened", f"staff:{number}", {"reason": reason})
        try:
            closing.reopen(current.session, number, reason, current.at)
        except Refusal as refusal:
            problem = explained(refusal)[1]
        else:
            flash(_("The account of %(name)s is open again. Now make a one-time link.", name=person.name), "success")
            return redirect(url_for("admin_staff_access.link", number=number), 303)
    reasons = account_reasons.TO_REOPEN.items()
    page = render_template("admin/staff_reopen.html", person=person, reasons=reasons, problem=problem)
    return page, 422 if problem else 200


def _somebody_else(number: int, *, is_closed: bool = False) -> Staff:
    """Somebody whose account is open, or closed, and not one's own."""
    person = current.session.get(Staff, number)
    if person is None or number == staff_id() or is_closed != (person.closed_at is not None):
        abort(404)
    return person
