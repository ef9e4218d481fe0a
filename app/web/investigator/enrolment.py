"""A site enrols: the study's side of it, under pseudonyms. Who the person is, is entered on the vault's pages."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, request, url_for
from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.accounts import accounts, assertions, tickets
from app.errors import Refusal
from app.i18n import HOUSE_ZONE
from app.participants import enrol as enrolments
from app.participants import pending
from app.participants.enrol import Enrolment
from app.participants.models import PendingEnrolment
from app.participants.pending import Known
from app.studies import protocols
from app.studies import queries as studies_queries
from app.studies.models import Arm, Site, Study
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import consent_at_enrolment
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_enrolment", __name__)


class EnrolmentForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What a site knows of a new participant, without any identity."""

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
    consent = SelectField(consent_at_enrolment.LABEL, validate_choice=True)
    first = DateField(lazy("Date of the first event"), [Optional()])

    def offer(self, access: StudyAccess, arms: list[tuple[str, str]], first: str | None) -> "EnrolmentForm":
        """With what this study has to choose from."""
        self.site.choices = offered((site.code, site.name) for site in access.sites)
        self.arm.choices = offered([("", _("No group yet")), *arms])
        self.language.choices = offered((code, language_name(code).capitalize()) for code in access.study.languages)
        consent_at_enrolment.offer(self, access.study.id)
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
    """One participant more, in a study that is live; then on to the vault, which alone asks who it is."""
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
        signed = consent_at_enrolment.chosen(form)
        known = Known(form.subject.data, form.language.data, form.zone.data, form.first.data, signed)
        try:
            ticket = pending.begin(current.session, tickets.new_key(), staff_id(), site, arm, known, current.at)
        except Refusal as refusal:
            form.subject.errors = [explained(refusal)[1]]
        else:
            record(access, "enrolment.begun", {"site": site.code, "subject": known.subject_code})
            return redirect(_to_the_vault(access, site, ticket), 303)
    page = study_page("enrol.html", access, form=form, zones=sorted(available_timezones()))
    return page, 422 if form.errors else 200


def _to_the_vault(access: StudyAccess, site: Site, begun: PendingEnrolment) -> str:
    """The address of the vault's page, with a ticket for it: codes only, and who of the study side asks."""
    facts = {
        "study": access.study.code,
        "site": site.code,
        "subject": begun.subject_code,
        "language": begun.language,
        "staff": str(begun.staff_id),
    }
    config = current.config
    signed = tickets.issue(
        config.ticket_private_key or "", tickets.ENROLMENT, begun.key, facts, config.vault_url, current.at
    )
    query = urlencode({"ticket": signed, "lang": current.language})
    return f"{config.way_to_vault}/vault/enrolment?{query}"


@bp.get("/enrolled")
@allow(Who.STAFF, writes=True)
def enrolled() -> Any:
    """Back from the vault, which states two pseudonyms: whoever began the enrolment finishes it, once."""
    key = current.config.assertion_public_key or ""
    stated = assertions.read_enrolment(request.args.get("statement", ""), key, current.config.public_url, current.at)
    begun = pending.take(current.session, stated.ticket, staff_id(), current.at)
    site = current.session.get_one(Site, begun.site_id)
    access = enrolling(current.session.get_one(Study, site.study_id).code)
    version = next(iter(protocols.versions(current.session, access.study.id)))
    if site.id not in {one.id for one in access.sites}:
        raise Refusal("enrolment-expired")
    arm = None if begun.arm_id is None else current.session.get_one(Arm, begun.arm_id)
    accounts.ensure(current.session, stated.account, current.at)
    who = Enrolment(stated.participant, stated.account, begun.subject_code, begun.language, begun.time_zone)
    person = enrolments.enrol(current.session, site, arm, version, who, current.at)
    subject = f"participant:{person.pseudonym}"
    consent_at_enrolment.keep(person, begun.consent_number)
    facts = {"site": site.code, "arm": arm.key if arm else None, "consent": begun.consent_number}
    record(access, "participant.enrolled", facts, subject)
    first = next(iter(protocols.parsed(version.document).events), None)
    if first is not None and begun.first_on is not None:
        enrolments.record_event(current.session, person, first, begun.first_on, current.at, actor())
        record(access, "event.dated", {"event": first, "on": begun.first_on.isoformat()}, subject)
    flash(_("%(subject)s is enrolled.", subject=person.subject_code), "success")
    here = url_for("investigator_participants.participant", code=access.study.code, subject=person.subject_code)
    return redirect(here, 303)
