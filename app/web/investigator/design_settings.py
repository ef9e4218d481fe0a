"""A study comes into being, and says about itself what participants and colleagues read."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.errors import Refusal
from app.studies import queries, roles, studies
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import designable, record
from app.web.investigator.frame import study_page
from app.web.investigator.study_form import NewStudyForm, SettingsForm, of_study
from app.web.locale import _
from app.web.request import current
from app.web.texts import language_name

bp = Blueprint("investigator_design_settings", __name__)


@bp.route("/studies/new", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def new() -> Any:
    """Create a study; whoever does designs it until others are appointed."""
    form = NewStudyForm(request.form)
    if request.method == "POST" and form.validate():
        settings = form.settings()
        try:
            study = studies.create(
                current.session, form.code.data, settings.titles, settings.contacts, settings.languages, current.at
            )
        except Refusal as refusal:
            form.code.errors = [explained(refusal)[1]]
        else:
            studies.change(current.session, study, settings)
            studies.appoint(current.session, staff_id(), study, roles.DATA_MANAGER)
            access = queries.find_access(current.session, staff_id(), study.code)
            if access is None:
                raise LookupError("the study that was just made")
            record(access, "study.created", {"languages": settings.languages})
            flash(_("The study is there. Next: its sites, its team and its protocol."), "success")
            return redirect(url_for("investigator_design.design", code=study.code), 303)
    return render_template(
        "investigator/study_new.html", form=form, language_name=language_name
    ), 422 if form.errors else 200


@bp.route("/studies/<code>/design/settings", methods=["GET", "POST"])
@allow(Who.STAFF)
def settings(code: str) -> Any:
    """Change what the study says about itself."""
    access = designable(code)
    form = SettingsForm(request.form, data=of_study(access.study))
    if request.method == "POST" and form.validate():
        try:
            changed = studies.change(current.session, access.study, form.settings())
        except Refusal as refusal:
            form.languages.errors = [explained(refusal)[1]]
        else:
            if changed:
                record(access, "study.changed", {"changed": changed})
            flash(_("Saved."), "success")
            return redirect(url_for("investigator_design.design", code=code), 303)
    return study_page(
        "design_settings.html", access, form=form, language_name=language_name
    ), 422 if form.errors else 200
