"""The fields of a visit's form. Nothing is judged here: what was typed goes into the draft, and the core says what is
wrong with it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FieldList, Form, FormField, StringField
from wtforms.fields import SelectField
from wtforms.form import BaseForm

from app.web.investigator.period_words import PeriodField
from app.web.investigator.selects import offered
from app.web.locale import lazy

MORE_ROWS = 2
KINDS: Mapping[str, Any] = {
    "invitation": lazy("Invitation"),
    "reminder": lazy("Reminder"),
    "last-call": lazy("Last call"),
}
CHANNELS: Mapping[str, Any] = {"email": lazy("E-mail"), "sms": lazy("Text message")}
LATE: Mapping[str, Any] = {
    "labelled": lazy("Taken, and labelled as late"),
    "taken": lazy("Taken like any other"),
    "refused": lazy("Not taken"),
}
IN_PAUSE: Mapping[str, Any] = {
    "not-asked": lazy("Not asked while the participant pauses"),
    "asked": lazy("Asked all the same"),
}
ALERTED: Mapping[str, Any] = {
    "site-staff": lazy("The staff of the site"),
    "investigator": lazy("The investigator"),
}


class ListField(Field):  # type: ignore[misc]  # WTForms carries no types
    """Several values under one name, in their order; empty ones are none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was chosen, each once and in its order."""
        self.data = list(dict.fromkeys(value for value in valuelist if value))


class ReminderForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """One step of the ladder; without a period it is none."""

    step = StringField()
    kind = SelectField(choices=lambda: offered(KINDS.items()), validate_choice=False)
    after = PeriodField()
    hour = StringField()
    channel = SelectField(choices=lambda: offered(CHANNELS.items()), validate_choice=False)


class ThresholdForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """A score of an earlier visit; without a visit it is none."""

    visit = SelectField(validate_choice=False, choices=[])
    scale = SelectField(validate_choice=False, choices=[])
    at_least = StringField()
    at_most = StringField()


def visit_form(languages: Iterable[str], arms: Iterable[str], sent: Any, data: Mapping[str, Any]) -> BaseForm:
    """The form of one visit: as it was sent, or as the draft has it."""
    periods = ("offset", "opens", "notify", "due", "closes", "repeats_every", "repeats_until", "burst_every")
    hours = ("opens_hour", "notify_hour", "due_hour", "closes_hour", "quiet_from", "quiet_until")
    texts = (*hours, "repeats_times", "burst_times", "never_opened_hours", "started_hours")
    fields: dict[str, Any] = {name: PeriodField() for name in (*periods, "escalation_after")}
    fields |= {name: StringField() for name in ("key", "event", "repeats_until_event", *texts)}
    fields |= {f"title-{language}": StringField() for language in languages}
    fields |= {name: ListField() for name in ("instruments", "only_arms", "stops_at")}
    fields |= {f"instruments-{arm}": ListField() for arm in arms}
    fields |= {
        "late_answers": SelectField(choices=offered(LATE.items()), validate_choice=False),
        "in_pause": SelectField(choices=offered(IN_PAUSE.items()), validate_choice=False),
        "escalation_to": SelectField(choices=offered(ALERTED.items()), validate_choice=False),
        "weekends": BooleanField(),
        "receipt": BooleanField(),
        "reminders": FieldList(FormField(ReminderForm)),
        "thresholds": FieldList(FormField(ThresholdForm)),
    }
    form = BaseForm(fields)
    form.process(sent if isinstance(sent, MultiDict) and sent else None, data=data)
    for rows in (form["reminders"], form["thresholds"]):
        while sum(1 for row in rows if is_empty(row)) < MORE_ROWS:
            rows.append_entry()
    return form


def is_empty(row: Any) -> bool:
    """Whether nothing stands in a row of the ladder or of the conditions."""
    decisive = row["after"] if "after" in row.form._fields else row["visit"]
    return not decisive.data and not (row["step"].data if "step" in row.form._fields else "")


def table(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A table of words as a select offers it."""
    return [(key, str(label)) for key, label in words.items()]
