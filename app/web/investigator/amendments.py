"""Another version for those who take part already: proposed, previewed, approved, applied, perhaps reverted."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts import staff
from app.errors import Refusal
from app.participants import amending, queries
from app.participants.outlook import Line, Outlook
from app.studies import amendments, protocols
from app.studies.amendments import Stage
from app.studies.models import Amendment, ProtocolVersion
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import amendment_outlook
from app.web.investigator.amendment_words import CHANGES, OPEN_VISITS, STAGES, TOLD
from app.web.investigator.design_access import actor, designable, record
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("investigator_amendments", __name__)


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
        ACTS[act](found)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        current.session.rollback()
        return _page(access, _find(access, amendment), sentence), status
    record(access, f"amendment.{act}", {"amendment": found.id})
    flash(str(TOLD[act]), "success")
    return _to(code, found)


def _approve(found: Amendment) -> None:
    amendments.approve(found, current.at, actor())


def _apply(found: Amendment) -> None:
    whole = amendment_outlook.of(found, amending.count_concerned(current.session, found))
    if not whole.is_whole:
        raise Refusal("amendment-not-looked-through")
    if whole.clashes:
        raise Refusal("amendment-overlaps")
    amendments.ask_to_apply(current.session, found, current.at, actor())


def _revert(found: Amendment) -> None:
    amendments.ask_to_revert(current.session, found, current.at, actor())


ACTS = {"approve": _approve, "apply": _apply, "revert": _revert}
NEXT = {Stage.PROPOSED: "approve", Stage.APPROVED: "apply", Stage.APPLIED: "revert"}


def _page(access: StudyAccess, found: Amendment, wrong: str | None = None) -> str:
    stage = amendments.stage(found)
    act = NEXT.get(stage)
    is_before = act in ("approve", "apply")
    concerned = amending.count_concerned(current.session, found)
    outlook = amendment_outlook.of(found, concerned) if is_before else None
    names = {site.id: site.name for site in access.sites}
    return study_page(
        "amendment.html",
        access,
        amendment=found,
        version=current.session.get_one(ProtocolVersion, found.to_version_id),
        stage=STAGES[stage],
        acts=_acts(found),
        act=act,
        is_before=is_before,
        is_under_way=stage in amendments.UNDER_WAY,
        concerned=concerned,
        moved=amending.count_moved(current.session, found),
        held=amending.held(current.session, found),
        outlook=outlook,
        site_lines=_by_site(outlook, names) if outlook else [],
        people=amendment_outlook.page(found) if is_before else None,
        changes=CHANGES,
        open_visits=OPEN_VISITS,
        wrong=wrong,
    )


def _by_site(outlook: Outlook, names: Mapping[int, str]) -> list[tuple[str, Line]]:
    return sorted(((names.get(id, "–"), line) for id, line in outlook.sites.items()), key=lambda row: row[0])


def _acts(found: Amendment) -> list[tuple[Any, Any, str]]:
    """What has been done to it: the act, when, and by whom."""
    done = [
        (lazy("Proposed"), found.proposed_at, found.proposed_by),
        (lazy("Approved"), found.approved_at, found.approved_by),
        (lazy("Application asked for"), found.applying_at, found.applying_by),
        (lazy("Applied to everybody"), found.applied_at, found.applied_by),
        (lazy("Revert asked for"), found.reverting_at, found.reverting_by),
        (lazy("Reverted for everybody"), found.reverted_at, found.reverted_by),
    ]
    ids = {by: int(by.removeprefix("staff:")) for _act, _at, by in done if by and by.startswith("staff:")}
    names = staff.names(current.session, ids.values())
    return [(act, at, names.get(ids.get(by, 0), by)) for act, at, by in done if at is not None and by]


def _all(access: StudyAccess) -> list[Amendment]:
    return amendments.of_study(current.session, access.study.id)


def _find(access: StudyAccess, id: int) -> Amendment:
    return next((one for one in _all(access) if one.id == id), None) or abort(404)


def _to(code: str, found: Amendment) -> Response:
    return redirect(url_for("investigator_amendments.amendment", code=code, amendment=found.id), 303)
