"""A professional's own messages: the address at work, confirmed by a code, and what it is used for."""

from datetime import time, timedelta
from typing import Any
from zoneinfo import available_timezones

from babel.dates import format_time
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import staff_contacts
from app.accounts.staff_contacts import Wishes
from app.audit import trail
from app.errors import Refusal
from app.i18n import locale
from app.notices import staff_outbox
from app.notices.models import StaffNotice
from app.web.access import Who, allow, staff_of
from app.web.errors import explained
from app.web.investigator.notice_words import KIND_NAMES, NOT_SENT, PROBLEMS, STATE_NAMES
from app.web.investigator.own_frame import oneself
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_own_messages", __name__)
AN_HOUR = timedelta(hours=1)
MOST_CODES = 5
"""In an hour: nobody's inbox can be flooded by typing its address here."""
HOURS = range(5, 22)


@bp.get("/staff/messages")
@allow(Who.STAFF)
def messages() -> str:
    """The address, the choices, and what was sent."""
    return _page()


@bp.post("/staff/messages")
@allow(Who.STAFF)
def choose() -> Any:
    """Keep which messages are wanted, and when."""
    typed, hour = request.form, request.form.get("hour", "")
    zone = typed.get("zone", "").strip()
    if zone not in available_timezones():
        sentence = _("There is no such time zone. Choose one such as Europe/Paris.")
        return _page({"zone": sentence}, zone=zone), 422
    wishes = Wishes("digest" in typed, "alerts" in typed, int(hour) if hour.isdecimal() else -1, zone)
    try:
        staff_contacts.prefer(current.session, staff_of(current.person), wishes)
    except Refusal as refusal:
        return _page({"hour": explained(refusal)[1]}), 422
    return _done("staff.messages-chosen", _("Your choice is saved. It holds for the next messages."))


@bp.post("/staff/messages/address")
@allow(Who.STAFF)
def give() -> Any:
    """Take an address, and have a code sent there."""
    me, address = staff_of(current.person), request.form.get("address", "")
    try:
        since = current.at - AN_HOUR
        if staff_outbox.asked_lately(current.session, me, staff_outbox.CODE, since) >= MOST_CODES:
            raise Refusal("enough-codes")
        staff_contacts.give(current.session, me, address)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _page({"address": sentence}, address=address), status
    if current.config.is_demo and current.config.mail is None:
        code = staff_contacts.make_code(current.session, me, current.at)
        sentence = _("In the demonstration no mail leaves. This is the code that it would bring: %(code)s", code=code)
    else:
        staff_outbox.post(current.session, me, staff_outbox.CODE, current.id, current.at)
        sentence = _("A code is on its way to that address. It arrives within a minute.")
    return _done("staff.address-given", sentence)


@bp.post("/staff/messages/code")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
def confirm() -> Any:
    """The address counts from now on."""
    me = staff_of(current.person)
    before = staff_contacts.address_of(current.session, me)
    try:
        staff_contacts.confirm(current.session, me, request.form.get("code", ""), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _page({"code": sentence}), status
    if before is not None:
        _tell_former(me)
    return _done("staff.address-confirmed", _("Your address is confirmed. Choose below what it is used for."))


@bp.post("/staff/messages/forget")
@allow(Who.STAFF)
def forget() -> Response:
    """No address any more."""
    me = staff_of(current.person)
    if staff_contacts.address_of(current.session, me) is not None:
        _tell_former(me)
    staff_contacts.forget(current.session, me)
    return _done("staff.address-forgotten", _("Your address is deleted. You get no more messages."))


def _tell_former(me: int) -> None:
    """Whoever reads the address of before learns that it counts no longer."""
    staff_outbox.post(current.session, me, staff_outbox.ADDRESS_CHANGED, current.id, current.at)


def _page(errors: dict[str, str] | None = None, address: str | None = None, zone: str | None = None) -> str:
    me = staff_of(current.person)
    contact = staff_contacts.of(current.session, me)
    return render_template(
        "investigator/own_messages.html",
        contact=contact,
        errors=errors or {},
        address=address if address is not None else contact.pending_address or contact.address or "",
        zone=zone if zone is not None else contact.time_zone,
        zones=sorted(available_timezones()),
        hours=[(hour, format_time(time(hour), "short", locale=locale(current.language))) for hour in HOURS],
        sent=[(one, _standing(one)) for one in staff_outbox.of_staff(current.session, me)],
        kinds=KIND_NAMES,
    )


def _standing(notice: StaffNotice) -> str:
    """Where a message stands, and what is in its way."""
    state = NOT_SENT if notice.problem == staff_outbox.NO_MAIL else STATE_NAMES[notice.state]
    return str(state) if notice.problem is None else f"{state} – {PROBLEMS.get(notice.problem, notice.problem)}"


def _done(action: str, sentence: str) -> Response:
    who = f"staff:{staff_of(current.person)}"
    trail.record(current.session, current.at, who, action, who, request_id=current.id)
    flash(sentence, "success")
    return redirect(url_for("investigator_own_messages.messages"), 303)
