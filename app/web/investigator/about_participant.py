"""What a site may change about a participant: group, language, and where the person lives."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, request, url_for
from wtforms import Form, SelectField, StringField
from wtforms.validators import InputRequired

from app.participants import agenda, enrol
from app.studies import queries as studies_queries
from app.web.access import Who, allow
from app.web.investigator.design_access import enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.reasons import seen
from app.web.investigator.selects import offered
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_about_participant", __name__)


class AboutForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Three things that may change."""

    arm = SelectField(lazy("Group"))
    language = SelectField(lazy("Language of the participant"))
    zone = StringField(
        lazy("Time zone of the participant"),
        [InputRequired(lazy("Enter a time zone, such as Europe/Paris."))],
        description=lazy("A new zone holds from now on; windows that are over stay where they were."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also a zone that exists."""
        is_right = bool(super().validate(extra_validators))
        if self.zone.data and self.zone.data not in available_timezones():
            self.zone.errors = [*self.zone.errors, _("There is no such time zone. Choose one such as Europe/Paris.")]
            return False
        return is_right


@bp.route("/studies/<code>/participants/<subject>/about", methods=["GET", "POST"])
@allow(Who.STAFF)
def change(code: str, subject: str) -> Any:
    """Change them; what has changed is on the record."""
    access = enrolling(code)
    person = seen(access, subject)
    arms = studies_queries.arms(current.session, access.study.id)
    zone = agenda.courses(current.session, [person])[0].known.stays[-1].zone.key
    key = arms[person.arm_id].key if person.arm_id in arms else ""
    form = AboutForm(request.form, data={"arm": key, "language": person.language, "zone": zone})
    form.arm.choices = offered(
        [
            ("", _("No group yet")),
            *((one.key, in_language(one.titles, current.language)) for one in arms.values()),
        ]
    )
    form.language.choices = offered((code, language_name(code).capitalize()) for code in access.study.languages)
    if request.method == "POST" and form.validate():
        changed: dict[str, object] = {}
        if form.arm.data != key:
            enrol.assign(person, next((one for one in arms.values() if one.key == form.arm.data), None), current.at)
            changed["arm"] = form.arm.data or None
        if form.language.data != person.language:
            person.language = form.language.data
            changed["language"] = form.language.data
        if form.zone.data != zone:
            enrol.move(person, form.zone.data, current.at, current.at)
            changed["zone"] = form.zone.data
        if changed:
            record(access, "participant.changed", changed, f"participant:{person.pseudonym}")
        flash(_("Saved."), "success")
        return redirect(url_for("investigator_participants.participant", code=code, subject=subject), 303)
    page = study_page("about_participant.html", access, person=person, form=form, zones=sorted(available_timezones()))
    return page, 422 if form.errors else 200
