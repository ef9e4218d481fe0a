"""Who has not agreed to the note yet, by subject code, and answers that were given on paper."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from wtforms import DateField, Form, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.consents import answers, standing, versions
from app.consents.answers import OnPaper
from app.consents.models import ConsentVersion
from app.notices import outbox
from app.studies.roles import may_enrol
from app.web.access import Who, allow
from app.web.filters import today
from app.web.investigator.access import study_for
from app.web.investigator.consent_access import among
from app.web.investigator.consent_words import OPEN_STATES, PAPER_NAMES, STATE_NAMES, history, version_name
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.reasons import seen
from app.web.investigator.selects import offered
from app.web.investigator.study_form import TOO_LONG
from app.web.locale import _, lazy
from app.web.request import current
from app.web.stored_numbers import asked

bp = Blueprint("investigator_consents_people", __name__)
PAGE = 50


class PaperForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What somebody answered on paper."""

    version = SelectField(lazy("Version that the paper carries"), validate_choice=True)
    answer = SelectField(
        lazy("What the paper says"), [InputRequired(lazy("Choose what the paper says."))], validate_choice=True
    )
    signed_on = DateField(lazy("Date on the paper"), [InputRequired(lazy("Enter the date on the paper."))])
    reason = TextAreaField(
        lazy("Why it is recorded here"),
        [
            InputRequired(lazy("Write the reason, so that others understand it later.")),
            Length(max=answers.LONGEST_REASON, message=TOO_LONG),
        ],
        description=lazy("For the record, for example: signed at the visit of 3 March. No name and no address."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also a day that has come."""
        is_right = bool(super().validate(extra_validators))
        if self.signed_on.data and self.signed_on.data > today():
            self.signed_on.errors = [_("This day is still to come. Enter the date on the paper.")]
            return False
        return is_right


@bp.get("/studies/<code>/consents/people")
@allow(Who.STAFF)
def people(code: str) -> str:
    """One page of those who stand somewhere with the last version that they have to agree to."""
    access = study_for(code)
    renewal = versions.renewal(current.session, access.study.id) or abort(404)
    state = request.args.get("state", "")
    state = state if state in STATE_NAMES else standing.UNANSWERED
    number = asked("page")
    whom = among(access)
    total = sum((one[state] for one in standing.counts(current.session, whom, renewal).values()), 0)
    return study_page(
        "consent_people.html",
        access,
        renewal=version_name(renewal),
        state=state,
        places=(*OPEN_STATES, answers.AGREED),
        names=STATE_NAMES,
        people=standing.people(current.session, whom, renewal, state, limit=PAGE, offset=(number - 1) * PAGE),
        sites={site.id: site.name for site in access.sites},
        total=total,
        page=number,
        pages=-(-total // PAGE),
        may_enrol=may_enrol(access.role),
    )


@bp.route("/studies/<code>/participants/<subject>/consent", methods=["GET", "POST"])
@allow(Who.STAFF)
def paper(code: str, subject: str) -> Any:
    """Record what somebody answered on paper; what was said before is shown beside."""
    access = enrolling(code)
    person = seen(access, subject)
    published = versions.published(current.session, access.study.id)
    if not published:
        abort(404)
    form = PaperForm(request.form)
    form.version.choices = offered((str(one.number), version_name(one)) for one in published)
    form.answer.choices = offered([("", _("Choose")), *PAPER_NAMES.items()])
    if request.method == "POST" and form.validate():
        version = next(one for one in published if str(one.number) == form.version.data)
        said = OnPaper(form.answer.data, form.signed_on.data, form.reason.data)
        row = answers.record_on_paper(current.session, version, person, said, actor(), current.at)
        if _counts(version, published):
            outbox.settle(current.session, person.id, "consent")
        facts = {
            "answer": row.answer,
            "version": version.number,
            "signed_on": said.signed_on.isoformat(),
            "reason": row.reason,
        }
        record(access, "consent.recorded-on-paper", facts, f"participant:{person.pseudonym}")
        flash(_("Recorded. It holds from now on."), "success")
        return redirect(url_for("investigator_participants.participant", code=code, subject=subject), 303)
    before = answers.of_participant(current.session, person.id)
    page = study_page("consent_paper.html", access, person=person, form=form, history=history(before))
    return page, 422 if form.errors else 200


def _counts(version: ConsentVersion, published: Any) -> bool:
    """Whether it is as new as the last version that people have to agree to."""
    least = next((one.number for one in published if one.needs_renewal), 0)
    return (version.number or 0) >= (least or 0)
