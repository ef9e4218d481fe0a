"""Another version for those who take part already: proposed, previewed, approved, applied, perhaps reverted."""

from collections import Counter
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts import staff
from app.errors import Refusal
from app.notices import outbox
from app.participants import amending, queries
from app.scheduling.amend import Effect
from app.studies import amendments, protocols
from app.studies.amendments import Stage
from app.studies.models import Amendment, ProtocolVersion
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator.amendment_words import CHANGES, OPEN_VISITS, STAGES
from app.web.investigator.design_access import actor, designable, record
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("investigator_amendments", __name__)
SHOWN = 200
"""People whose changes are shown one by one; the amendment itself is checked for everybody when it is applied."""


class ProposalForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Which version, why, and what becomes of open visits."""

    version = SelectField(lazy("Version"), coerce=int)
    open_visits = SelectField(lazy("Open visits"), choices=lambda: offered(OPEN_VISITS.items()))
    reason = TextAreaField(
        lazy("Reason"),
        [InputRequired(lazy("Say why the protocol changes.")), Length(max=2000, message=TOO_LONG)],
        description=lazy("What the ethics committee and the auditors read. Nothing that tells who a participant is."),
    )


@bp.route("/studies/<code>/design/amendments", methods=["GET", "POST"])
@allow(Who.STAFF)
def listing(code: str) -> Any:
    """Every amendment, and a form for one more."""
    access = designable(code)
    versions = {one.id: one for one in protocols.versions(current.session, access.study.id)}
    form = ProposalForm(request.form)
    form.version.choices = offered((one.id, _("Version %(version)s", version=one.version)) for one in versions.values())
    if request.method == "POST" and form.validate():
        version = versions[form.version.data]
        new = amendments.propose(
            current.session, version, form.reason.data.strip(), current.at, actor(), form.open_visits.data
        )
        record(access, "amendment.proposed", {"amendment": new.id, "version": version.version})
        return _to(code, new)
    page = study_page(
        "amendments.html",
        access,
        form=form,
        versions=versions,
        people=queries.count_by_version(current.session, access.study.id),
        amendments=[(one, versions[one.to_version_id], STAGES[amendments.stage(one)]) for one in _all(access)],
    )
    return page, 422 if form.errors else 200


@bp.get("/studies/<code>/design/amendments/<int:amendment>")
@allow(Who.STAFF)
def amendment(code: str, amendment: int) -> Any:
    """Who changes, from when, which messages are recalled and what stays; and what can be done next."""
    access = designable(code)
    return _page(access, _find(access, amendment))


@bp.post("/studies/<code>/design/amendments/<int:amendment>/<any(approve, apply, revert):act>")
@allow(Who.STAFF)
def do(code: str, amendment: int, act: str) -> Any:
    """The next act; each once, with who and when."""
    access = designable(code)
    _find(access, amendment)
    found = amendments.locked(current.session, amendment)
    try:
        people = ACTS[act](found)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        current.session.rollback()
        return _page(access, _find(access, amendment), sentence), status
    record(access, f"amendment.{act}", {"amendment": found.id, "participants": people})
    flash(_("Recorded."), "success")
    return _to(code, found)


def _approve(found: Amendment) -> int | None:
    amendments.approve(found, current.at, actor())
    return None


def _apply(found: Amendment) -> int | None:
    return amending.apply(current.session, found, current.at, actor())


def _revert(found: Amendment) -> int | None:
    return amending.revert(current.session, found, current.at, actor())


ACTS = {"approve": _approve, "apply": _apply, "revert": _revert}
NEXT = {Stage.PROPOSED: "approve", Stage.APPROVED: "apply", Stage.APPLIED: "revert", Stage.REVERTED: None}


def _page(access: StudyAccess, found: Amendment, wrong: str | None = None) -> str:
    stage = amendments.stage(found)
    concerned = amending.concerned(current.session, found) if stage in (Stage.PROPOSED, Stage.APPROVED) else []
    shown = concerned[:SHOWN]
    sent = outbox.settled(current.session, [one.id for one in shown])
    effects = amending.preview(current.session, found, shown, current.at, sent) if shown else {}
    rows = [(one, effects[one.id]) for one in shown if effects[one.id].changes]
    return study_page(
        "amendment.html",
        access,
        amendment=found,
        version=current.session.get_one(ProtocolVersion, found.to_version_id),
        stage=STAGES[stage],
        acts=_acts(found),
        act=NEXT[stage],
        concerned=len(concerned),
        shown=len(shown),
        felt=sum(effect.is_felt for effect in effects.values()),
        counts=_counts(effects.values()),
        recalled=sum(len(effect.recalled) for effect in effects.values()),
        planned=sum(len(effect.planned) for effect in effects.values()),
        clashes=[one.subject_code for one, effect in rows if effect.clashes],
        rows=rows[:50],
        changes=CHANGES,
        open_visits=OPEN_VISITS,
        wrong=wrong,
    )


def _acts(found: Amendment) -> list[tuple[Any, Any, str]]:
    """What has been done to it: the act, when, and by whom."""
    done = [
        (lazy("Proposed"), found.proposed_at, found.proposed_by),
        (lazy("Approved"), found.approved_at, found.approved_by),
        (lazy("Applied"), found.applied_at, found.applied_by),
        (lazy("Reverted"), found.reverted_at, found.reverted_by),
    ]
    ids = {by: int(by.removeprefix("staff:")) for _act, _at, by in done if by and by.startswith("staff:")}
    names = staff.names(current.session, ids.values())
    return [(act, at, names.get(ids.get(by, 0), by)) for act, at, by in done if at is not None and by]


def _counts(effects: Any) -> Counter[Any]:
    found: list[Effect] = list(effects)
    return Counter(change.what for effect in found for change in effect.changes)


def _all(access: StudyAccess) -> list[Amendment]:
    return amendments.of_study(current.session, access.study.id)


def _find(access: StudyAccess, id: int) -> Amendment:
    return next((one for one in _all(access) if one.id == id), None) or abort(404)


def _to(code: str, found: Amendment) -> Response:
    return redirect(url_for("investigator_amendments.amendment", code=code, amendment=found.id), 303)
