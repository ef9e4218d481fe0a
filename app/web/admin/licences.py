"""The register of licences: the list, one licence with its history and its files, a new one, a revision, an end."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.licences import register
from app.licences.register import Attested
from app.studies import queries
from app.studies.models import Study
from app.web.access import Who, allow
from app.web.admin import licence_form
from app.web.admin.frame import page, record, staff_id
from app.web.admin.licence_form import LicenceForm
from app.web.admin.licence_page import licence_page, state_of
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current

bp = Blueprint("admin_licences", __name__)


@bp.get("/manage/licences")
@allow(Who.DATA_MANAGER)
def licences() -> str:
    """Every licence as it stands."""
    return page(
        "licences.html",
        rows=[(one, state_of(one)) for one in register.attested(current.session)],
        codes={study.id: study.code for study in queries.every_study(current.session)},
    )


@bp.route("/manage/licences/new", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def new() -> Any:
    """Enter a licence that was agreed with an owner."""
    studies = queries.every_study(current.session)
    if request.method == "GET":
        return _form(licence_form.empty(request.args.get("instrument", "")), studies)
    form = licence_form.read(request.form, studies)
    if form.terms is None:
        return _form(form, studies), 422
    licence = register.add(current.session, form.instrument, form.terms, staff_id(), current.at)
    record("licence.added", f"licence:{licence.key}", {"instrument": form.instrument})
    flash(_("The licence is in the register. Attach the signed document, so that others can check it."), "success")
    return _to(licence.key)


@bp.get("/manage/licences/<key>")
@allow(Who.DATA_MANAGER)
def licence(key: str) -> str:
    """One licence: what it says today, what it said before, and its files."""
    history = register.history(current.session, queries.storable(key))
    return licence_page(history) if history else abort(404)


@bp.route("/manage/licences/<key>/revise", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def revise(key: str) -> Any:
    """Say what the agreement says from now on; what it said before is kept."""
    last = _last(key)
    studies = queries.every_study(current.session)
    if request.method == "GET":
        return _form(licence_form.of(last), studies, last)
    form = licence_form.read(request.form, studies, last.instrument)
    if form.terms is None:
        return _form(form, studies, last), 422
    try:
        register.revise(current.session, last, form.terms, form.seen, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _form(form, studies, last, problem=sentence), status
    record("licence.revised", f"licence:{key}", {"instrument": last.instrument, "revision": last.number + 1})
    flash(_("Saved as a new revision."), "success")
    return _to(key)


@bp.route("/manage/licences/<key>/withdraw", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def withdraw(key: str) -> Any:
    """Let the licence cover nothing any more, after a second thought and for a reason."""
    last = _last(key)
    if request.method == "GET":
        return page("licence_withdraw.html", licence=last, because="", problem=None)
    because, seen = request.form.get("because", ""), request.form.get("revision", 0, type=int)
    try:
        register.withdraw(current.session, last, because, seen, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return page("licence_withdraw.html", licence=last, because=because, problem=sentence), status
    record("licence.withdrawn", f"licence:{key}", {"instrument": last.instrument})
    flash(_("Withdrawn. It covers no study any more."), "success")
    return _to(key)


def _last(key: str) -> Attested:
    """The licence as it stands; 404 for none, and for one that was withdrawn: its story is over."""
    history = register.history(current.session, queries.storable(key))
    return history[0] if history and not history[0].is_withdrawn else abort(404)


def _form(form: LicenceForm, studies: list[Study], last: Attested | None = None, problem: str | None = None) -> str:
    return page(
        "licence_form.html",
        form=form,
        licence=last,
        instruments=licence_form.instrument_choices(),
        studies=licence_form.study_choices(studies),
        problem=problem,
    )


def _to(key: str) -> Response:
    return redirect(url_for("admin_licences.licence", key=key), 303)
