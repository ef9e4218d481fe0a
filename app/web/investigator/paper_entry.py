"""A form from paper is entered through the pages that participants use, a page of questions at a time."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.questionnaires.routing import Layout
from app.responses import paper
from app.responses.models import Submission
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.filling import languages, steps
from app.web.filling.sheet import Filling, OnPaper, Ways, new_request_id
from app.web.investigator.design_access import enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.reasons import seen
from app.web.locale import _
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_paper_entry", __name__)
SHEET = "/studies/<code>/participants/<subject>/paper/<key>"
SCREEN = f"{SHEET}/<any(page, item):layout>/<int:number>"


@bp.get(SCREEN)
@allow(Who.STAFF)
def screen(code: str, subject: str, key: str, layout: Layout, number: int) -> str | Response:
    """One screen of questions."""
    return steps.screen(_load(enrolling(code), subject, key), layout, number)


@bp.post(SCREEN)
@allow(Who.STAFF)
def keep(code: str, subject: str, key: str, layout: Layout, number: int) -> Any:
    """Save what stands on the paper, then go where the button says."""
    return steps.keep(_load(enrolling(code), subject, key, lock=True), layout, number)


@bp.get(f"{SHEET}/review")
@allow(Who.STAFF)
def review(code: str, subject: str, key: str) -> str | Response:
    """Every answer once more, to be compared with the paper."""
    return steps.review(_load(enrolling(code), subject, key))


@bp.post(f"{SHEET}/send")
@allow(Who.STAFF)
def send(code: str, subject: str, key: str) -> Response:
    """Keep the form for ever, with its scores; who entered it is on the record."""
    access = enrolling(code)
    filling = _load(access, subject, key, lock=True)
    was_sent = filling.opened.submission is not None

    def note(submission: Submission, is_done: bool) -> None:
        if not was_sent:
            _note(access, filling, "paper.sent", is_visit_done=is_done, without=submission.unread)

    return steps.send(filling, note)


@bp.get(f"{SHEET}/done")
@allow(Who.STAFF)
def done(code: str, subject: str, key: str) -> str | Response:
    """That it is kept; and the next questionnaire of the visit, if there is one."""
    access = enrolling(code)
    filling = _load(access, subject, key)
    if filling.opened.submission is None:
        return redirect(filling.ways.to("review"))
    following = next(
        (one.key for one in paper.waiting(current.session, filling.opened.record) if one.answered_on), None
    )
    return study_page(
        "paper_done.html", access, person=filling.opened.participant, filling=filling, following=following
    )


@bp.route(f"{SHEET}/give-up", methods=["GET", "POST"])
@allow(Who.STAFF)
def give_up(code: str, subject: str, key: str) -> Any:
    """Take back what was entered by mistake, after one more question."""
    access = enrolling(code)
    filling = _load(access, subject, key, lock=request.method == "POST")
    if request.method == "POST":
        _note(access, filling, "paper.given-up")
        paper.give_up(current.session, filling.opened, new_request_id(), current.at)
        flash(_("The form is given up. The participant can answer the visit here again while it is open."), "success")
        return redirect(filling.ways.leave, 303)
    return study_page("paper_give_up.html", access, person=filling.opened.participant, filling=filling)


def _load(access: StudyAccess, subject: str, key: str, *, lock: bool = False) -> Filling:
    """The sheet, or 404 where it is not this participant's, or is not entered from paper."""
    participant = seen(access, subject)
    opened = paper.find(current.session, key, participant, lock=lock)
    if opened is None or opened.sheet.answered_on is None:
        abort(404)
    code = access.study.code
    visit = next(
        (one.title for one in opened.protocol.visits if one.key == opened.record.visit_key),
        {"": opened.record.visit_key},
    )
    return Filling(
        opened,
        current.library.instrument(opened.sheet.instrument),
        languages.wording_of(opened.sheet, opened.sheet.language),
        Ways(
            "investigator_paper_entry",
            {"code": code, "subject": subject, "key": key},
            url_for("investigator_participants.participant", code=code, subject=subject),
        ),
        OnPaper(participant.subject_code, in_language(visit, current.language), opened.sheet.answered_on),
    )


def _note(access: StudyAccess, filling: Filling, action: str, **more: object) -> None:
    sheet, occasion = filling.opened.sheet, filling.opened.record
    facts = {
        "visit": occasion.visit_key,
        "iteration": occasion.iteration,
        "instrument": sheet.instrument,
        "answered_on": sheet.answered_on.isoformat() if sheet.answered_on else None,
        **more,
    }
    record(access, action, facts, f"participant:{filling.opened.participant.pseudonym}")
