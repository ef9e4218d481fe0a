"""A calendar of when questionnaires are open, for the participant's own calendar program: no word about health."""

import hashlib
from datetime import datetime

from flask import Blueprint, abort
from icalendar import Calendar, Event
from werkzeug.wrappers import Response

from app.notices import keys
from app.participants import agenda
from app.participants.agenda import Planned
from app.scheduling.status import ANSWERABLE, State
from app.web.access import Who, allow
from app.web.locale import _
from app.web.request import current

bp = Blueprint("public_calendar", __name__)
SHOWN = ANSWERABLE | {State.NOT_YET}


@bp.get("/calendar/<key>.ics")
@allow(Who.ANYONE)
def feed(key: str) -> Response:
    """Everything that is open or will be (RFC 5545); 404 for a key that was revoked, as for one that never was."""
    account = keys.account_of(current.session, key, keys.CALENDAR)
    if account is None:
        abort(404)
    visits = [visit for visit in agenda.of_account(current.session, account, current.at) if visit.state in SHOWN]
    return Response(_calendar(visits, current.at), mimetype="text/calendar")


def _name(visit: Planned) -> str:
    """Of a visit, for ever, and telling nobody whose it is or what it is called."""
    parts = (visit.participant.pseudonym, visit.occasion.visit_key, str(visit.occasion.iteration))
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def _calendar(visits: list[Planned], at: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//WeShare//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "WeShare")
    for visit in visits:
        occasion, event = visit.occasion, Event()
        # The same for ever, whatever the dates become: programs move the entry instead of adding another.
        event.add("uid", f"{_name(visit)}@weshare")
        event.add("dtstamp", at)
        event.add("dtstart", occasion.opens.astimezone(occasion.zone).date())
        event.add("dtend", occasion.closes.astimezone(occasion.zone).date())
        event.add("summary", _("WeShare: a questionnaire is open"))
        event.add("url", f"{current.config.public_url}/account")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
