"""Who among the professionals can sign in; and a one-time link for whoever has lost a password or a telephone."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from app.accounts import factors, reset_links, staff
from app.accounts.models import Staff
from app.web.access import Who, allow
from app.web.admin.frame import record, staff_id
from app.web.request import current

bp = Blueprint("admin_staff_access", __name__)
BIGGEST_ID = 2**31 - 1


@bp.get("/manage/staff")
@allow(Who.DATA_MANAGER)
def listing() -> str:
    """All professionals, each with whether the second factor is set up."""
    people = staff.everybody(current.session)
    with_factor = factors.kept(current.session).those_set_up()
    return render_template("admin/staff_access.html", people=people, with_factor=with_factor)


@bp.route(f"/manage/staff/<int(max={BIGGEST_ID}):number>/link", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def link(number: int) -> Any:
    """Make a link, shown this once, to be handed over in person or by telephone; not one for oneself."""
    person = current.session.get(Staff, number)
    if person is None or number == staff_id():
        abort(404)
    address = None
    if request.method == "POST":
        drops = request.form.get("drops_factor") == "1"
        token = reset_links.make(current.session, number, current.at, drops_factor=drops)
        record("staff.reset-link-made", f"staff:{number}", {"drops_factor": drops})
        address = current.config.public_url + url_for("investigator_reset.look", token=token)
    return render_template("admin/staff_link.html", person=person, address=address)
