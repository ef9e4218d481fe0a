"""What participants ask for about their data: the study's list with its due days, and the work on each request."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for

from app.accounts import tickets
from app.errors import Refusal
from app.rights import requests
from app.rights.requests import Case
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.filters import today
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.frame import study_page
from app.web.locale import _, lazy
from app.web.request import current
from app.web.right_words import KINDS, STATES

bp = Blueprint("investigator_rights", __name__)
STEPS = (
    (requests.WORKED_ON, lazy("We are working on it")),
    (requests.GRANTED, lazy("Done: the answer says what was done")),
    (requests.REFUSED, lazy("Refused: the answer says why, and where to complain")),
)
"""What a team can do about a request."""


@bp.get("/studies/<code>/rights")
@allow(Who.STAFF)
def listing(code: str) -> str:
    """Every request, those that wait first, by the day on which the answer is due."""
    access = enrolling(code)
    return _page("rights.html", access, cases=_cases(access))


@bp.route("/studies/<code>/rights/<key>", methods=["GET", "POST"])
@allow(Who.STAFF)
def case(code: str, key: str) -> Any:
    """One request with its steps; a step on is written below, and the participant reads it."""
    access = enrolling(code)
    found = next((one for one in _cases(access) if one.request.key == key), None) or abort(404)
    state, answer = request.form.get("state", ""), request.form.get("answer", "")
    error = None
    if request.method == "POST":
        try:
            if state not in dict(STEPS):
                raise Refusal("unknown-step")
            requests.advance(current.session, found, state, answer, actor(), current.at)
        except Refusal as refusal:
            error = explained(refusal)[1]
        else:
            subject = f"participant:{found.participant.pseudonym}"
            record(access, "right.advanced", {"right": key, "kind": found.request.kind, "state": state}, subject)
            flash(_("The participant can read this step now."), "success")
            return redirect(url_for("investigator_rights.case", code=code, key=key), 303)
    page = _page(
        "right.html",
        access,
        case=found,
        steps=STEPS,
        state=state,
        answer=answer,
        error=error,
        is_erasable=is_erasable(found),
    )
    return page, 422 if error else 200


@bp.post("/studies/<code>/rights/<key>/identity")
@allow(Who.STAFF)
def pass_on(code: str, key: str) -> Any:
    """Off to the vault, which alone can erase the identity; only where the participant has asked for that."""
    access = enrolling(code)
    found = next((one for one in _cases(access) if one.request.key == key), None) or abort(404)
    if not is_erasable(found):
        raise Refusal("right-is-over")
    facts = {"study": code, "account": found.participant.account_pseudonym, "right": key, "staff": str(staff_id())}
    config = current.config
    private = config.ticket_private_key or ""
    signed = tickets.issue(private, tickets.ERASURE, tickets.new_key(), facts, config.vault_url, current.at)
    subject = f"participant:{found.participant.pseudonym}"
    record(access, "right.passed-on", {"right": key, "kind": found.request.kind}, subject)
    query = urlencode({"ticket": signed, "lang": current.language})
    return redirect(f"{config.way_to_vault}/vault/erasure?{query}", 303)


def is_erasable(case: Case) -> bool:
    """Whether the vault may be asked to erase who this is."""
    return case.request.kind == "erasure" and case.state in requests.ERASABLE


def _cases(access: StudyAccess) -> list[Case]:
    return requests.of_study(current.session, access.study.id, access.site_ids)


def _page(template: str, access: StudyAccess, **facts: Any) -> str:
    words = {"kinds": KINDS, "right_states": STATES, "today": today()}
    return study_page(template, access, **words, **facts)
