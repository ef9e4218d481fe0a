"""What participants ask for about their data: the study's list with its due days, and the work on each request."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for

from app.accounts import tickets
from app.errors import Refusal
from app.responses import history
from app.rights import requests
from app.rights.effects import OFFERED, WITHOUT
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
from app.web.right_words import EFFECTS, KINDS, STATES

bp = Blueprint("investigator_rights", __name__)
STEPS = (
    (requests.WORKED_ON, lazy("We are working on it")),
    (requests.GRANTED, lazy("Done: the answer says what was done")),
    (requests.REFUSED, lazy("Refused: the answer says why, and where to complain")),
)
"""What a team can do about a request."""
FIELDS = {"effect-missing": "effect", "unknown-step": "state"}
"""Where on the page a refusal is told; beside the answer otherwise."""


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
    effect = (request.form.get("effect") or None) if state == requests.GRANTED else None
    error, wrong = None, "answer"
    if request.method == "POST":
        try:
            if state not in _possible(found):
                raise Refusal("unknown-step")
            # Always tried first: what is refused is refused before anybody weighs its effects.
            with current.session.begin_nested() as trial:
                requests.advance(current.session, found, state, answer, actor(), current.at, effect)
                is_confirmed = bool(request.form.get("confirmed")) or effect is None
                if not is_confirmed:
                    trial.rollback()
        except Refusal as refusal:
            error, wrong = explained(refusal)[1], FIELDS.get(refusal.code, "answer")
        else:
            if not is_confirmed:
                return _weigh(access, found, str(effect), answer)
            subject = f"participant:{found.participant.pseudonym}"
            facts = {"right": key, "kind": found.request.kind, "state": state, "effect": effect or found.effect}
            record(access, "right.advanced", facts, subject)
            flash(_("The participant can read this step now."), "success")
            return redirect(url_for("investigator_rights.case", code=code, key=key), 303)
    page = _page(
        "right.html",
        access,
        case=found,
        steps=STEPS,
        state=state,
        answer=answer,
        effect=effect,
        effects=[(one, EFFECTS[one].title) for one in OFFERED.get(found.request.kind, ())],
        may_be_without=found.request.kind in WITHOUT,
        in_force=EFFECTS[found.effect] if found.effect else None,
        error=error,
        wrong=wrong,
        is_erasable=is_erasable(found),
        is_correctable=is_correctable(found),
    )
    return page, 422 if error else 200


def _possible(found: Case) -> frozenset[str]:
    """What a team can make of a request as it stands."""
    return frozenset({requests.LIFTED}) if found.effect else frozenset(state for state, _words in STEPS)


def _weigh(access: StudyAccess, found: Case, effect: str, answer: str) -> str:
    """What would happen if the request were granted; nothing has, and the answer is kept in the page."""
    sent = len(history.of_participant(current.session, found.participant.id))
    return _page(
        "right_effect.html", access, case=found, effect=effect, words=EFFECTS[effect], answer=answer, sent=sent
    )


@bp.post("/studies/<code>/rights/<key>/identity")
@allow(Who.STAFF)
def pass_on(code: str, key: str) -> Any:
    """Off to the vault, which alone can erase the identity; only where the participant has asked for that."""
    access = enrolling(code)
    found = next((one for one in _cases(access) if one.request.key == key), None) or abort(404)
    if not is_erasable(found):
        raise Refusal("right-is-over")
    subject = f"participant:{found.participant.pseudonym}"
    record(access, "right.passed-on", {"right": key, "kind": found.request.kind}, subject)
    return _to_the_vault(tickets.ERASURE, "erasure", access, found)


@bp.post("/studies/<code>/rights/<key>/correction")
@allow(Who.STAFF)
def correct(code: str, key: str) -> Any:
    """Off to the vault to correct something of the identity, of which nothing is shown there."""
    access = enrolling(code)
    found = next((one for one in _cases(access) if one.request.key == key), None) or abort(404)
    if not is_correctable(found):
        raise Refusal("right-is-over")
    subject = f"participant:{found.participant.pseudonym}"
    record(access, "right.passed-on", {"right": key, "kind": found.request.kind}, subject)
    return _to_the_vault(tickets.CORRECTION, "correction", access, found)


def _to_the_vault(purpose: str, page: str, access: StudyAccess, found: Case) -> Any:
    config = current.config
    facts = {
        "study": access.study.code,
        "account": found.participant.account_pseudonym,
        "right": found.request.key,
        "staff": str(staff_id()),
    }
    private = config.ticket_private_key or ""
    signed = tickets.issue(private, purpose, tickets.new_key(), facts, config.vault_url, current.at)
    query = urlencode({"ticket": signed, "lang": current.language})
    return redirect(f"{config.way_to_vault}/vault/{page}?{query}", 303)


def is_correctable(case: Case) -> bool:
    """Whether the vault may be asked to correct who this is: while the request is worked on."""
    return case.request.kind == "rectification" and case.state == requests.WORKED_ON


def is_erasable(case: Case) -> bool:
    """Whether the vault may be asked to erase who this is."""
    return case.request.kind == "erasure" and case.state in requests.ERASABLE


def _cases(access: StudyAccess) -> list[Case]:
    return requests.of_study(current.session, access.study.id, access.site_ids)


def _page(template: str, access: StudyAccess, **facts: Any) -> str:
    words = {"kinds": KINDS, "right_states": STATES, "today": today()}
    return study_page(template, access, **words, **facts)
