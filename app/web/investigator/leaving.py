"""A participant takes something back: three different acts, each with its effects first, then confirmed."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.participants import agenda, enrol, leaving
from app.participants.models import Participant
from app.scheduling.participation import STOPS, Stopped, Withdrawal
from app.scheduling.status import ANSWERABLE, State
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator.design_access import enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.leaving_words import ACTS, LEAVING_REASONS
from app.web.investigator.reasons import seen
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_leaving", __name__)
PERSON = "/studies/<code>/participants/<subject>"
ACT = "<any('follow-up', contact, use):act>"


@bp.get(f"{PERSON}/leave")
@allow(Who.STAFF)
def choose(code: str, subject: str) -> str:
    """The three acts side by side, and which of them hold."""
    access = enrolling(code)
    person = seen(access, subject)
    held = {act: leaving.since(person, act) for act in ACTS}
    undoable = {act for act in ACTS if leaving.may_undo(person, act, current.at)}
    return study_page("leave.html", access, person=person, acts=ACTS, held=held, undoable=undoable)


@bp.route(f"{PERSON}/leave/{ACT}", methods=["GET", "POST"])
@allow(Who.STAFF)
def withdraw(code: str, subject: str, act: str) -> Any:
    """What would happen, then the act itself with its reason."""
    access = enrolling(code)
    person = seen(access, subject)
    what = Withdrawal(act)
    wrong = None
    if request.method == "POST":
        try:
            if leaving.withdraw(person, what, request.form.get("reason", ""), current.at):
                facts = {"act": what.value, "reason": request.form["reason"]}
                record(access, "participant.withdrawn", facts, f"participant:{person.pseudonym}")
            flash(_("Recorded. It holds from now on."), "success")
            return _to(code, subject)
        except Refusal:
            wrong = _("Choose a reason.")
    ended = _ended(person) if Stopped.ASKING in STOPS[what] else []
    page = study_page(
        "leave_act.html",
        access,
        person=person,
        what=what,
        act=ACTS[what],
        ended=ended,
        reasons=LEAVING_REASONS.items(),
        wrong=wrong,
        hours=int(leaving.UNDO_WITHIN.total_seconds() // 3600),
    )
    return page, 422 if wrong else 200


@bp.post(f"{PERSON}/leave/{ACT}/undo")
@allow(Who.STAFF)
def undo(code: str, subject: str, act: str) -> Any:
    """Take back what was recorded by mistake, while that is possible."""
    access = enrolling(code)
    person = seen(access, subject)
    try:
        if leaving.undo(person, Withdrawal(act), current.at):
            record(access, "participant.withdrawal-undone", {"act": act}, f"participant:{person.pseudonym}")
            flash(_("Taken back. The participant is asked again as planned."), "success")
    except Refusal as refusal:
        flash(explained(refusal)[1], "error")
    return _to(code, subject)


@bp.post(f"{PERSON}/pause")
@allow(Who.STAFF)
def pause(code: str, subject: str) -> Response:
    """The participation rests, or goes on."""
    access = enrolling(code)
    person = seen(access, subject)
    to = request.form.get("to", "")
    if to not in PAUSES:
        abort(400)
    PAUSES[to](person, current.at)
    record(access, f"participant.{to}", {}, f"participant:{person.pseudonym}")
    flash(_("Recorded. It holds from now on."), "success")
    return _to(code, subject)


PAUSES = {"pause": enrol.pause, "go-on": enrol.go_on}


def _ended(person: Participant) -> list[agenda.Planned]:
    """The visits that would be asked no more."""
    planned = agenda.of_participants(current.session, [person], current.at)[person.id]
    return [one for one in planned if one.state in ANSWERABLE or one.state is State.NOT_YET]


def _to(code: str, subject: str) -> Response:
    return redirect(url_for("investigator_participants.participant", code=code, subject=subject), 303)
