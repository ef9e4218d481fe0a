"""Why a visit has no answers: recorded with one click, and taken back with one more."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.participants import agenda, excuses, queries
from app.participants.models import Participant
from app.studies.queries import StudyAccess, storable
from app.web import local_url
from app.web.access import Who, allow
from app.web.investigator.design_access import enrolling, record
from app.web.investigator.reason_words import THEN, reason
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_reasons", __name__)
VISIT = "/studies/<code>/participants/<subject>/visits/<visit>/<int:iteration>"


@bp.post(f"{VISIT}/reason")
@allow(Who.STAFF)
def record_reason(code: str, subject: str, visit: str, iteration: int) -> Response:
    """Nothing is asked or sent for this visit any more."""
    access = enrolling(code)
    participant = seen(access, subject)
    why = request.form.get("reason", "")
    planned = agenda.of_participants(current.session, [participant], current.at)[participant.id]
    if (visit, iteration) not in {one.occasion.key for one in planned}:
        abort(404)
    excuses.excuse(current.session, participant, visit, iteration, why, current.at)
    facts = {"visit": visit, "iteration": iteration, "reason": why}
    record(access, "visit.excused", facts, f"participant:{participant.pseudonym}")
    flash(_("%(subject)s, %(visit)s: %(reason)s.", subject=subject, visit=visit, reason=reason(why)), "success")
    if why in THEN:
        flash(str(THEN[why]), "info")
    return _back(code, subject)


@bp.post(f"{VISIT}/reason/take-back")
@allow(Who.STAFF)
def take_back(code: str, subject: str, visit: str, iteration: int) -> Response:
    """As if no reason had been recorded."""
    access = enrolling(code)
    participant = seen(access, subject)
    if excuses.take_back(current.session, participant, visit, iteration, current.at):
        facts = {"visit": visit, "iteration": iteration}
        record(access, "visit.excuse-taken-back", facts, f"participant:{participant.pseudonym}")
        flash(_("The reason is taken back."), "success")
    return _back(code, subject)


def seen(access: StudyAccess, subject: str) -> Participant:
    """The participant of a subject code, at a site that the professional sees; else 404."""
    found = queries.participant(current.session, access.study.id, access.site_ids, storable(subject))
    return found or abort(404)


def _back(code: str, subject: str) -> Response:
    wanted = request.form.get("next", "")
    here = url_for("investigator_participants.participant", code=code, subject=subject)
    return redirect(wanted if wanted and local_url.is_local(wanted) else here, 303)
