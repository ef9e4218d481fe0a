"""One visit of a draft: its form, and its place among the others."""

from typing import Any

import yaml
from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms.form import BaseForm

from app.errors import Refusal
from app.studies import draft_parts, drafts
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import drafting, visit_document, visit_fields
from app.web.investigator.design_access import designable
from app.web.investigator.drafting import Drafting
from app.web.investigator.frame import study_page
from app.web.investigator.study_form import KEY, KEY_MESSAGE
from app.web.investigator.visit_choices import choices
from app.web.locale import _
from app.web.request import current
from app.web.texts import language_name

bp = Blueprint("investigator_design_visits", __name__)
Errors = list[tuple[str, str]]


@bp.route("/studies/<code>/design/new-visit", methods=["GET", "POST"])
@allow(Who.STAFF)
def new(code: str) -> Any:
    """A visit more; proposed with a usual window and ladder."""
    found = drafting.of(designable(code))
    events = draft_parts.named(found.document, "events")
    return _edit(found, None, visit_document.new(next(iter(events), "")))


@bp.route("/studies/<code>/design/visits/<visit>", methods=["GET", "POST"])
@allow(Who.STAFF)
def visit(code: str, visit: str) -> Any:
    """One visit, to be changed."""
    found = drafting.of(designable(code))
    stored = draft_parts.visit(found.document, visit)
    if stored is None and request.method == "GET":
        abort(404)
    return _edit(found, visit, stored or {})


@bp.post("/studies/<code>/design/visits/<visit>/move")
@allow(Who.STAFF)
def move(code: str, visit: str) -> Response:
    """One place up or down in the order in which visits are listed."""
    found = drafting.of(designable(code))
    by = -1 if request.form.get("to") == "up" else 1
    _keep_order(found, lambda document: draft_parts.moved(document, visit, by), "draft.visit-moved", visit)
    return _to_protocol(code, "visits")


@bp.route("/studies/<code>/design/visits/<visit>/delete", methods=["GET", "POST"])
@allow(Who.STAFF)
def delete(code: str, visit: str) -> Any:
    """Take a visit out of the draft, after a second thought; published versions keep it."""
    found = drafting.of(designable(code))
    if request.method == "GET":
        part = draft_parts.visit(found.document, visit) or abort(404)
        return study_page("design_visit_delete.html", found.access, key=visit, part=part)
    _keep_order(found, lambda document: draft_parts.without_visit(document, visit), "draft.visit-deleted", visit)
    flash(_("The visit is no longer in the draft."), "success")
    return _to_protocol(code, "visits")


def _keep_order(found: Drafting, change: Any, action: str, key: str) -> None:
    seen = drafts.mark(found.document)
    drafting.keep(found, seen, lambda document: document, change, action, {"visit": key})


def _edit(found: Drafting, key: str | None, stored: visit_document.Part) -> Any:
    languages, arms = found.access.study.languages, list(draft_parts.named(found.document, "arms"))
    data = visit_document.to_form(stored, languages, arms)
    form = visit_fields.visit_form(languages, arms, request.form, data)
    if request.method == "GET":
        return _page(found, key, form, drafts.mark(stored if key else None), [])
    part = visit_document.from_form(form, languages, arms)
    seen = request.form.get("seen", "")
    if request.form.get("go") == "rows":
        return _page(found, key, form, seen, [])
    errors = _errors(found, key, part)
    if errors:
        return _page(found, key, form, seen, errors, 422)
    try:
        drafting.keep(
            found,
            seen,
            lambda document: draft_parts.visit(document, key or ""),
            lambda document: draft_parts.with_visit(document, key, part),
            "draft.visit-saved",
            {"visit": part["key"]},
        )
    except Refusal as refusal:
        fresh = drafting.of(found.access)
        theirs = draft_parts.visit(fresh.document, key or "")
        status, sentence = explained(refusal)
        return _page(fresh, key, form, drafts.mark(theirs), [("", sentence)], status, theirs or {})
    return _saved(found, part["key"])


def _saved(found: Drafting, key: str) -> Response:
    """Back to the whole, unless something is wrong with this visit: then it stays open, and says so."""
    code = found.access.study.code
    if any(flaw.visit == key for flaw in drafting.of(found.access).flaws):
        flash(_("Saved, but something does not fit together yet. Each problem is listed on this page."), "warning")
        return redirect(url_for("investigator_design_visits.visit", code=code, visit=key), 303)
    flash(_("The visit is saved in the draft."), "success")
    return _to_protocol(code, "visits")


def _errors(found: Drafting, key: str | None, part: visit_document.Part) -> Errors:
    """Without a key of its own a visit has no page; everything else may be wrong and is saved all the same."""
    others = {str(one.get("key")) for one in draft_parts.visits(found.document)} - {key}
    if not KEY.fullmatch(part["key"]) or len(part["key"]) > 40:
        return [("key", str(KEY_MESSAGE))]
    if part["key"] in others:
        return [("key", _("Another visit has this key already. Choose another one."))]
    return []


def _page(
    found: Drafting,
    key: str | None,
    form: BaseForm,
    seen: str,
    errors: Errors,
    status: int = 200,
    theirs: visit_document.Part | None = None,
) -> Any:
    here = [flaw for flaw in found.flaws if flaw.visit == key] if key and not errors else []
    page = study_page(
        "design_visit.html",
        found.access,
        form=form,
        key=key,
        seen=seen,
        errors=errors,
        flaws=here,
        theirs=None if theirs is None else yaml.safe_dump(theirs, allow_unicode=True, sort_keys=False),
        saved_by=found.saved_by,
        draft=found.draft,
        choices=choices(found, key),
        language_name=language_name,
        arms=draft_parts.named(found.document, "arms"),
        at=current.at,
    )
    return page, status


def _to_protocol(code: str, anchor: str) -> Response:
    return redirect(url_for("investigator_design_protocol.protocol", code=code, _anchor=anchor), 303)
