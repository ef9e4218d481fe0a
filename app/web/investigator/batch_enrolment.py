"""A site enrols several people at once: the study's side of it, under codes. Only the vault asks who they are."""

import re
from typing import Any
from urllib.parse import urlencode
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.accounts import accounts, assertions, tickets
from app.accounts.assertions import EnrolledBatch
from app.code_marks import joined
from app.errors import Refusal
from app.i18n import HOUSE_ZONE
from app.participants import batches
from app.participants.batches import Wanted
from app.participants.enrol import Enrolment
from app.participants.models import PendingBatch
from app.studies import protocols
from app.studies import queries as studies_queries
from app.studies.models import Arm, Site, Study
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.investigator import consent_at_enrolment
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.reasons import seen
from app.web.investigator.selects import offered
from app.web.locale import _, lazy, ngettext
from app.web.request import current
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_batch_enrolment", __name__)
CODE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
OUTCOMES = {
    batches.ENROLLED: (lazy("Enrolled"), "done", ""),
    batches.ALREADY: (lazy("Was enrolled before"), "done", ""),
    batches.CODE_TAKEN: (
        lazy("Not enrolled"),
        "late",
        lazy("Somebody else has got this code meanwhile. Begin again with another code and the same file."),
    ),
    batches.TAKES_PART: (
        lazy("Not enrolled"),
        "late",
        lazy("This person takes part in the study already, under another code."),
    ),
    batches.NOT_AGREED: (
        lazy("Not enrolled"),
        "late",
        lazy("This code was not entered in the study. Begin again with this code and the same file."),
    ),
}
"""What became of a line: in a word, the kind of its badge, and what to do."""


class BatchForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What a site knows of several new participants, without any identity."""

    codes = TextAreaField(
        lazy("Subject codes"),
        [InputRequired(lazy("Enter the subject codes, one on each line."))],
        description=lazy(
            "One on each line, as many as people; a column of a spreadsheet can be pasted. Never initials."
        ),
    )
    site = SelectField(lazy("Site"), validate_choice=True)
    arm = SelectField(lazy("Group"), validate_choice=True)
    language = SelectField(lazy("Language of the participants"), validate_choice=True)
    zone = StringField(
        lazy("Time zone of the participants"),
        [InputRequired(lazy("Enter a time zone, such as Europe/Paris."))],
        description=lazy("Windows and messages follow the clocks where the participant lives."),
    )

    consent = SelectField(consent_at_enrolment.LABEL, validate_choice=True)

    def offer(self, access: StudyAccess, arms: list[tuple[str, str]]) -> "BatchForm":
        """With what this study has to choose from."""
        self.site.choices = offered((site.code, site.name) for site in access.sites)
        self.arm.choices = offered([("", _("No group yet")), *arms])
        self.language.choices = offered((code, language_name(code).capitalize()) for code in access.study.languages)
        consent_at_enrolment.offer(self, access.study.id)
        return self

    @property
    def subject_codes(self) -> list[str]:
        """The codes, in their order."""
        return (self.codes.data or "").split()

    def problems(self, study_id: int) -> list[str]:
        """What is wrong with the codes, each named."""
        codes = self.subject_codes
        if len(codes) > batches.MOST:
            return [ngettext("At most %(num)s person at a time.", "At most %(num)s people at a time.", batches.MOST)]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        bad = [code for code in codes if not CODE.fullmatch(code)]
        taken = sorted(batches.taken(current.session, study_id, codes))
        found = [(bad, _("A code has letters, digits and - only, at most 40. Correct: %(codes)s."))]
        found += [(twice, _("Each code stands for one person. More than once: %(codes)s."))]
        found += [(taken, _("Somebody in the study has these codes already. Take them out: %(codes)s."))]
        return [sentence % {"codes": ", ".join(which[:20])} for which, sentence in found if which]


@bp.route("/studies/<code>/enrol/list", methods=["GET", "POST"])
@allow(Who.STAFF)
def begin(code: str) -> Any:
    """The codes that will be used, which are told now if somebody has them; then on to the vault for the names."""
    access = enrolling(code)
    version = next(iter(protocols.versions(current.session, access.study.id)), None)
    if access.study.live_at is None or version is None:
        return study_page("enrol_not_yet.html", access), 409 if request.method == "POST" else 200
    arms = studies_queries.arms(current.session, access.study.id).values()
    form = BatchForm(request.form, data={"zone": HOUSE_ZONE.key})
    form.offer(access, [(arm.key, in_language(arm.titles, current.language)) for arm in arms])
    if request.method == "POST":
        is_right = form.validate()
        if form.zone.data and form.zone.data not in available_timezones():
            form.zone.errors = [_("There is no such time zone. Choose one such as Europe/Paris.")]
        if wrong := form.problems(access.study.id):
            form.codes.errors = [" ".join(wrong)]
        if is_right and not form.errors:
            site = next(one for one in access.sites if one.code == form.site.data)
            arm = next((one for one in arms if one.key == form.arm.data), None)
            signed = consent_at_enrolment.chosen(form)
            wanted = Wanted(tuple(form.subject_codes), form.language.data, form.zone.data, signed)
            key = tickets.new_key()
            pending = batches.begin(current.session, key, staff_id(), site, arm, wanted, current.at)
            record(access, "enrolment.list-begun", {"site": site.code, "people": len(wanted.codes)})
            return redirect(_to_the_vault(access, site, pending), 303)
    page = study_page("enrol_list.html", access, form=form, zones=sorted(available_timezones()), most=batches.MOST)
    return page, 422 if form.errors else 200


def _to_the_vault(access: StudyAccess, site: Site, pending: PendingBatch) -> str:
    """The address of the vault's page, with a ticket that is good for these codes and no others."""
    facts = {
        "study": access.study.code,
        "site": site.code,
        "allowed": str(len(pending.codes)),
        "codes": joined(pending.key, pending.codes),
        "language": pending.language,
        "staff": str(pending.staff_id),
    }
    config = current.config
    private = config.ticket_private_key or ""
    signed = tickets.issue(private, tickets.BATCH, pending.key, facts, config.vault_url, current.at)
    return f"{config.way_to_vault}/vault/enrolment/list?{urlencode({'ticket': signed, 'lang': current.language})}"


@bp.post("/enrolled/list")
@allow(Who.ANYONE, by_key=True)
def bring() -> str:
    """Back from the vault: what it states is shown, and a button of this side's enrols. Nothing is stored here.

    It comes from a page of the vault, which cannot know a token of this side's; what is signed says all. Another site's
    page brings no cookie along either: whoever is signed in must stay so.
    """
    stated = _stated()
    page = "investigator/enrol_list_bring.html"
    return render_template(page, stated=stated, statement=request.form["statement"], language_action="")


@bp.post("/enrolled/list/enrol")
@allow(Who.STAFF, by_key=True)
def redeem() -> str:
    """Enrol everybody of the statement, once, for whoever began the list; what became of each line is told."""
    stated = _stated()
    pending = batches.find(current.session, stated.ticket, staff_id(), current.at)
    site = current.session.get_one(Site, pending.site_id)
    access = enrolling(current.session.get_one(Study, site.study_id).code)
    if site.id not in {one.id for one in access.sites}:
        raise Refusal("batch-expired")
    batches.use_up(current.session, pending, current.at)
    version = next(iter(protocols.versions(current.session, access.study.id)))
    arm = None if pending.arm_id is None else current.session.get_one(Arm, pending.arm_id)
    outcomes = []
    for one in stated.people:
        accounts.ensure(current.session, one.account, current.at)
        who = Enrolment(one.participant, one.account, one.subject, pending.language, pending.time_zone)
        outcome = batches.enrol_one(current.session, pending, site, arm, version, who, current.at)
        outcomes.append((one.subject, outcome))
        if outcome == batches.ENROLLED:
            consent_at_enrolment.keep(seen(access, one.subject), pending.consent_number)
            signed = {"list": pending.key, "consent": pending.consent_number}
            facts = {"site": site.code, "arm": arm.key if arm else None, **signed}
            record(access, "participant.enrolled", facts, f"participant:{one.participant}")
    done = sum(outcome == batches.ENROLLED for _subject, outcome in outcomes)
    return study_page("enrol_list_done.html", access, outcomes=outcomes, words=OUTCOMES, done=done)


def _stated() -> EnrolledBatch:
    key = current.config.assertion_public_key or ""
    return assertions.read_batch(request.form.get("statement", ""), key, current.config.public_url, current.at)
