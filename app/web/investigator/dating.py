"""The dates of a participant's events: given or corrected, after having seen what moves."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from app.notices import outbox
from app.participants import agenda, enrol, redating
from app.scheduling.protocol import EventKind, Protocol
from app.web.access import Who, allow
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.event_words import EVENT_KINDS
from app.web.investigator.frame import study_page
from app.web.investigator.notice_words import KIND_NAMES
from app.web.investigator.reasons import seen
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_dating", __name__)
FIRST_YEAR, LAST_YEAR = 1950, 2150


@bp.route("/studies/<code>/participants/<subject>/events/<event>/<int:number>", methods=["GET", "POST"])
@allow(Who.STAFF)
def event(code: str, subject: str, event: str, number: int) -> Any:
    """Ask for the date, show what moves, then keep it; without a date the event did not take place after all."""
    access = enrolling(code)
    person = seen(access, subject)
    course = agenda.courses(current.session, [person])[0]
    kind = _kind(course.protocol, event, number)
    known = course.known.events.get(event, {}).get(number)
    written = request.values.get("on", "")
    is_asked = "on" in (request.form if request.method == "POST" else request.args)
    on, wrong = read_date(written) if is_asked else (known, None)
    if request.method == "POST" and not is_asked:
        abort(400)  # nothing at all must never take a date away
    if request.method == "POST" and wrong is None:
        enrol.record_event(current.session, person, event, on, current.at, actor(), number)
        facts = {"event": event, "number": number, "on": on.isoformat() if on else None}
        facts["before"] = known.isoformat() if known else None
        record(access, "event.dated", facts, f"participant:{person.pseudonym}")
        flash(_("The date is kept. Visits and messages follow it from now on."), "success")
        return redirect(url_for("investigator_participants.participant", code=code, subject=subject), 303)
    effect = redating.NOTHING
    if is_asked and wrong is None:
        sent = outbox.settled(current.session, [person.id]).get(person.id, {})
        effect = redating.preview(course, event, number, on, current.at, sent)
    page = study_page(
        "event_date.html",
        access,
        person=person,
        event=event,
        number=number,
        kind=kind,
        kind_word=EVENT_KINDS[kind.kind],
        known=known,
        written=written if is_asked else (known.isoformat() if known else ""),
        on=on,
        is_asked=is_asked,
        wrong=wrong,
        moves=effect.moves,
        notes=effect.notes,
        kinds=KIND_NAMES,
        recalled=sum(one.after is None for one in effect.notes),
        is_ending=kind.is_ending,
        zone=course.known.stays[-1].zone,
    )
    return page, 422 if wrong else 200


def _kind(protocol: Protocol, event: str, number: int) -> EventKind:
    kind = next((kind for key, kind in protocol.events.items() if key == event), None)
    if kind is None or not 1 <= number <= 999 or (number > 1 and not kind.repeatable):
        abort(404)
    return kind


def read_date(written: str) -> tuple[date | None, str | None]:
    """A date out of a form, or what is wrong with it; nothing at all is an answer too."""
    if not written.strip():
        return None, None
    try:
        on = date.fromisoformat(written.strip())
    except ValueError:
        return None, _("This is not a date. Write it as in 2026-05-31, or choose it from the calendar.")
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return None, _("This year cannot be right. Please check it.")
    return on, None
