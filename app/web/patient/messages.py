"""A participant's messages: what was sent, and how, when and whether to be written to."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from babel.dates import format_time
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.audit import trail
from app.errors import Refusal
from app.i18n import locale
from app.notices import choices, history, keys
from app.web.access import Who, account_of, allow
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("patient_messages", __name__)

KINDS = {
    "invitation": lazy("A questionnaire is open"),
    "reminder": lazy("Reminder"),
    "last-call": lazy("Closes soon"),
    "receipt": lazy("Your answers have arrived"),
    "results": lazy("Results of your study"),
    "announcement": lazy("News from your study"),
    "study-news": lazy("News of a study that you could join"),
    "consent": lazy("Your agreement is asked"),
}
RECEIPTS: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}
RESTS = {"1": lazy("One day"), "3": lazy("Three days"), "7": lazy("One week"), "14": lazy("Two weeks")}
REASONS = {
    "treatment": lazy("Treatment"),
    "hospital": lazy("A stay in hospital"),
    "away": lazy("I am away"),
    "tired": lazy("I need a rest"),
    "other": lazy("Another reason"),
}


@bp.get("/account/messages")
@allow(Who.PARTICIPANT)
def messages() -> str:
    """Everything on one page."""
    return _page()


@bp.post("/account/messages")
@allow(Who.PARTICIPANT)
def prefer() -> Any:
    """Keep the channel and the hour."""
    hour, channel = request.form.get("hour", ""), request.form.get("channel", "")
    receipts = request.form.get("receipts", "")
    if receipts not in RECEIPTS:
        return _page(is_wrong=True), 422
    try:
        chosen = int(hour) if hour.isdecimal() else None
        choices.prefer(current.session, account_of(current.person), channel or None, chosen)
        choices.want_receipts(current.session, account_of(current.person), RECEIPTS[receipts])
    except Refusal:
        return _page(is_wrong=True), 422
    return _done("messages.preferred", _("Your choice is saved. It holds for the next messages."))


@bp.post("/account/messages/rest")
@allow(Who.PARTICIPANT)
def rest() -> Any:
    """No messages for some days, or messages again."""
    account, days = account_of(current.person), request.form.get("days", "")
    if days == "0":
        choices.end_rest(current.session, account, current.at)
        return _done("messages.rest-ended", _("You will get messages again."))
    try:
        until = current.at + timedelta(days=int(days) if days in RESTS else 0)
        choices.rest(current.session, account, until, request.form.get("reason") or None, current.at)
    except Refusal:
        return _page(is_wrong=True), 422
    return _done("messages.rested", _("No messages until then. Your questionnaires stay open on your account."))


@bp.post("/account/messages/stop")
@allow(Who.PARTICIPANT)
def stop() -> Response:
    """No messages at all, or messages again. Not a withdrawal."""
    account = account_of(current.person)
    if request.form.get("act") == "start":
        choices.start_again(current.session, account, current.at)
        return _done("messages.started-again", _("You will get messages again."))
    choices.stop(current.session, account, current.at)
    return _done("messages.stopped", _("You will get no more messages. You still take part in your study."))


@bp.post("/account/messages/calendar")
@allow(Who.PARTICIPANT)
def calendar() -> str | Response:
    """Make the address of a calendar, which is shown once; an earlier one stops working."""
    account = account_of(current.person)
    keys.revoke(current.session, account, keys.CALENDAR, current.at)
    if request.form.get("act") == "revoke":
        return _done("calendar.revoked", _("The calendar’s address does not work any more."))
    key = keys.mint(current.session, account, keys.CALENDAR, current.at)
    _record("calendar.made")
    return _page(calendar_url=f"{current.config.public_url}/calendar/{key}.ics")


def _page(*, is_wrong: bool = False, calendar_url: str | None = None) -> str:
    account = account_of(current.person)
    wishes = choices.of_account(current.session, account)
    return render_template(
        "patient/messages.html",
        wishes=wishes,
        rests_until=_still(wishes.rests_until),
        sent=history.of_account(current.session, account),
        kinds=KINDS,
        rests=RESTS,
        reasons=REASONS,
        receipts=next(word for word, wanted in RECEIPTS.items() if wanted is wishes.receipts),
        hours=[(hour, format_time(time(hour), "short", locale=locale(current.language))) for hour in range(7, 22)],
        reason=REASONS.get(wishes.rest_reason or ""),
        is_wrong=is_wrong,
        has_calendar=keys.has(current.session, account, keys.CALENDAR),
        calendar_url=calendar_url,
    )


def _still(until: datetime | None) -> datetime | None:
    return until if until is not None and until > current.at else None


def _done(action: str, sentence: str) -> Response:
    _record(action)
    flash(sentence, "success")
    return redirect(url_for("patient_messages.messages"), 303)


def _record(action: str) -> None:
    who = f"account:{account_of(current.person)}"
    trail.record(current.session, current.at, who, action, who, request_id=current.id)
