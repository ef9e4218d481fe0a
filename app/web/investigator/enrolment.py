"""A site enrols: the study's side of it, under pseudonyms. Who the person is, is entered on the vault's pages."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, request, url_for
from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.accounts import accounts
from app.errors import Refusal
from app.participants import enrol as enrolments
from app.participants.enrol import Enrolment
from app.studies import protocols
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.filters import HOUSE_ZONE
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_enrolment", __name__)
PSEUDONYM = r"^[A-Za-z0-9_-]{6,40}$"
PSEUDONYM_MESSAGE = lazy("Copy the pseudonym exactly as the trusted third party shows it.")


class EnrolmentForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What a site knows of a new participant, without any identity."""

    account = StringField(
        lazy("Account pseudonym"),
        [InputRequired(lazy("Enter the account pseudonym.")), Regexp(PSEUDONYM, message=PSEUDONYM_MESSAGE)],
        description=lazy("From the trusted third party, which alone knows the name and the address."),
    )
    pseudonym = StringField(
        lazy("Pseudonym in this study"),
        [InputRequired(lazy("Enter the pseudonym in this study.")), Regexp(PSEUDONYM, message=PSEUDONYM_MESSAGE)],
    )
    subject = StringField(
        lazy("Subject code"),
        [
            InputRequired(lazy("Enter a subject code.")),
            Length(max=40, message=TOO_LONG),
            Regexp(r"^[A-Za-z0-9-]+$", message=lazy("A code has letters, digits and - only.")),
        ],
        description=lazy("The code under which the team knows this participant. Never initials or a date of birth."),
    )
    site = SelectField(lazy("Site"), validate_choice=True)
    arm = SelectField(lazy("Group"), validate_choice=True)
    language = SelectField(lazy("Language of the participant"), validate_choice=True)
    zone = StringField(
        lazy("Time zone of the participant"),
        [InputRequired(lazy("Enter a time zone, such as Europe/Paris."))],
        description=lazy("Windows and messages follow the clocks where the participant lives."),
    )
    first = DateField(lazy("Date of the first event"), [Optional()])

    def offer(self, access: StudyAccess, arms: list[tuple[str, str]], first: str | None) -> "EnrolmentForm":
        """With what this study has to choose from."""
        self.site.choices = offered((site.code, site.name) for site in access.sites)
        self.arm.choices = offered([("", _("No group yet")), *arms])
        self.language.choices = offered((code, language_name(code).capitalize()) for code in access.study.languages)
        if first is not None:
            self.first.label.text = _("Date of: %(event)s", event=first)
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Also a zone that exists."""
        is_right = bool(super().validate(extra_validators))
        if self.zone.data and self.zone.data not in available_timezones():
            self.zone.errors = [*self.zone.errors, _("There is no such time zone. Choose one such as Europe/Paris.")]
            return False
        return is_right


@bp.route("/studies/<code>/enrol", methods=["GET", "POST"])
@allow(Who.STAFF)
def enrol(code: str) -> Any:
    """One participant more; only in a study that is live."""
    access = enrolling(code)
    version = next(iter(protocols.versions(current.session, access.study.id)), None)
    if access.study.live_at is None or version is None:
        return study_page("enrol_not_yet.html", access), 409 if request.method == "POST" else 200
    events = protocols.parsed(version.document).events
    first = next(iter(events), None)
    arms = studies_queries.arms(current.session, access.study.id).values()
    titles = [(arm.key, in_language(arm.titles, current.language)) for arm in arms]
    form = EnrolmentForm(request.form, data={"zone": HOUSE_ZONE.key})
    form.offer(access, titles, in_language(events[first].title, current.language) if first else None)
    if request.method == "POST" and form.validate():
        site = next(one for one in access.sites if one.code == form.site.data)
        arm = next((one for one in arms if one.key == form.arm.data), None)
        accounts.ensure(current.session, form.account.data, current.at)
        who = Enrolment(form.pseudonym.data, form.account.data, form.subject.data, form.language.data, form.zone.data)
        try:
            person = enrolments.enrol(current.session, site, arm, version, who, current.at)
        except Refusal as refusal:
            form.subject.errors = [explained(refusal)[1]]
        else:
            subject = f"participant:{person.pseudonym}"
            record(access, "participant.enrolled", {"site": site.code, "arm": arm.key if arm else None}, subject)
            if first is not None and form.first.data is not None:
                enrolments.record_event(current.session, person, first, form.first.data, current.at, actor())
                record(access, "event.dated", {"event": first, "on": form.first.data.isoformat()}, subject)
            flash(_("%(subject)s is enrolled.", subject=person.subject_code), "success")
            here = url_for("investigator_participants.participant", code=code, subject=person.subject_code)
            return redirect(here, 303)
    page = study_page("enrol.html", access, form=form, zones=sorted(available_timezones()))
    return page, 422 if form.errors else 200
