"""Where a study is designed: its parts, what is still missing, and its published versions."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.studies import protocols, readiness, studies
from app.web.access import Who, allow
from app.web.investigator import checklist, drafting
from app.web.investigator.access import study_for
from app.web.investigator.design_access import designable, may_design, record
from app.web.investigator.frame import study_page
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_design", __name__)


@bp.get("/studies/<code>/design")
@allow(Who.STAFF)
def design(code: str) -> str:
    """The way from an idea to the first participant, step by step."""
    access = study_for(code)
    return study_page(
        "design.html",
        access,
        may_design=may_design(access),
        found=drafting.of(access),
        rows=checklist.rows(access),
        versions=protocols.versions(current.session, access.study.id),
    )


@bp.route("/studies/<code>/design/go-live", methods=["GET", "POST"])
@allow(Who.STAFF)
def go_live(code: str) -> Any:
    """Begin to enrol, if everything is ready and after a second thought."""
    access = designable(code)
    if access.study.live_at is not None:
        return redirect(url_for("investigator_design.design", code=code), 303)
    known = checklist.known(access)
    if request.method == "POST" and readiness.is_ready(known):
        studies.go_live(current.session, access.study, current.at)
        version = known.protocol.version if known.protocol else 0
        record(access, "study.went-live", {"protocol": version})
        flash(_("The study is live. Sites can enrol from now on."), "success")
        return redirect(url_for("investigator_design.design", code=code), 303)
    rows = checklist.rows(access)
    status = 409 if request.method == "POST" else 200
    return study_page("design_go_live.html", access, rows=rows, is_ready=readiness.is_ready(known)), status
