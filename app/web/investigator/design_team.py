"""The sites of a study and who works on it, at all of them or at one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from app.accounts import staff
from app.errors import Refusal
from app.studies import studies, team
from app.studies.models import Site
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import words
from app.web.investigator.design_access import designable, record
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("investigator_design_team", __name__)


class SiteForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """A centre that enrols."""

    site_code = StringField(
        lazy("Code of the site"),
        [
            InputRequired(lazy("Enter a code.")),
            Length(max=20, message=TOO_LONG),
            Regexp(r"^[A-Za-z0-9-]+$", message=lazy("A code has letters, digits and - only.")),
        ],
    )
    site_name = StringField(
        lazy("Name of the site"), [InputRequired(lazy("Enter a name.")), Length(max=120, message=TOO_LONG)]
    )


class AppointmentForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Somebody who works on the study from now on."""

    login = StringField(
        lazy("Login of the person"),
        [InputRequired(lazy("Enter a login.")), Length(max=80, message=TOO_LONG)],
        description=lazy("The person needs a professional’s sign-in already."),
    )
    role = SelectField(lazy("Role"), choices=lambda: offered(words.ROLES.items()))
    site = SelectField(lazy("Where"), validate_choice=False)

    def offer(self, access: StudyAccess) -> "AppointmentForm":
        """With the sites of this study to choose from."""
        self.site.choices = offered([("", _("The whole study")), *((one.code, one.name) for one in access.sites)])
        return self


@bp.get("/studies/<code>/design/team")
@allow(Who.STAFF)
def people(code: str) -> Any:
    """Sites and team."""
    access = designable(code)
    return _page(access, SiteForm(), AppointmentForm().offer(access))


@bp.post("/studies/<code>/design/sites")
@allow(Who.STAFF)
def add_site(code: str) -> Any:
    """One site more."""
    access = designable(code)
    form = SiteForm(request.form)
    if form.validate():
        try:
            site = studies.add_site(current.session, access.study, form.site_code.data, form.site_name.data.strip())
        except Refusal as refusal:
            form.site_code.errors = [explained(refusal)[1]]
        else:
            record(access, "site.added", {"site": site.code, "name": site.name})
            flash(_("The site %(site)s is there.", site=site.name), "success")
            return _back(code)
    return _page(access, form, AppointmentForm().offer(access), 422)


@bp.route("/studies/<code>/design/sites/<site>", methods=["GET", "POST"])
@allow(Who.STAFF)
def rename_site(code: str, site: str) -> Any:
    """Another name for a site; its code stands in subject codes and files and stays."""
    access = designable(code)
    found = next((one for one in access.sites if one.code == site), None) or abort(404)
    form = SiteForm(request.form, data={"site_code": found.code, "site_name": found.name})
    if request.method == "POST":
        form.site_code.data = found.code
        form.site_code.raw_data = [found.code]
        if form.validate():
            before, found.name = found.name, form.site_name.data.strip()
            record(access, "site.renamed", {"site": found.code, "from": before, "to": found.name})
            return _back(code)
    return study_page("design_site.html", access, form=form, site=found), 422 if form.errors else 200


@bp.post("/studies/<code>/design/team")
@allow(Who.STAFF)
def appoint(code: str) -> Any:
    """One person more."""
    access = designable(code)
    form = AppointmentForm(request.form).offer(access)
    site = next((one for one in access.sites if one.code == form.site.data), None)
    if form.validate():
        person = staff.find(current.session, form.login.data)
        if person is None or person.closed_at is not None:
            form.login.errors = [_("Nobody has this login. Please check it, or ask for a sign-in to be made.")]
        elif form.site.data and site is None:
            form.site.errors = [_("Choose one of the sites of the study.")]
        else:
            return _appointed(access, form, person.id, site)
    return _page(access, SiteForm(), form, 422)


@bp.post("/studies/<code>/design/team/<int:appointment>/end")
@allow(Who.STAFF)
def dismiss(code: str, appointment: int) -> Any:
    """Somebody does not work on the study any more; what they did stays on record."""
    access = designable(code)
    ended = studies.dismiss(current.session, access.study, appointment)
    if ended is not None:
        record(access, "staff.dismissed", {"staff": ended.staff_id, "role": ended.role})
    flash(_("The appointment has ended."), "success")
    return _back(code)


def _appointed(access: StudyAccess, form: AppointmentForm, person: int, site: Site | None) -> Any:
    try:
        studies.appoint(current.session, person, access.study, form.role.data, site)
    except Refusal as refusal:
        form.login.errors = [explained(refusal)[1]]
        return _page(access, SiteForm(), form, 422)
    record(access, "staff.appointed", {"staff": person, "role": form.role.data, "site": site.code if site else "all"})
    flash(_("The appointment is made."), "success")
    return _back(access.study.code)


def _page(access: StudyAccess, site_form: SiteForm, form: AppointmentForm, status: int = 200) -> Any:
    members = team.of_study(current.session, access.study.id)
    names = staff.names(current.session, [one.staff_id for one in members])
    page = study_page(
        "design_team.html",
        access,
        site_form=site_form,
        form=form,
        members=[(one, names[one.staff_id], words.role(one.role)) for one in members],
        sites={site.id: site for site in access.sites},
    )
    return page, status


def _back(code: str) -> Response:
    return redirect(url_for("investigator_design_team.people", code=code), 303)
