"""The form of what a study says about itself: each text in each of its languages."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import Form, StringField, TextAreaField
from wtforms.fields import SelectMultipleField
from wtforms.validators import InputRequired, Length, Regexp

from app.i18n import LANGUAGES
from app.studies.models import Study
from app.studies.studies import Settings
from app.web.investigator.selects import offered
from app.web.locale import _, lazy
from app.web.texts import language_name

TOO_LONG = lazy("This is too long.")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
KEY_MESSAGE = lazy("A code begins with a letter and has letters, digits, - and _ only.")


class SettingsForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Titles and contacts are asked for in every language; those of the chosen ones must be there."""

    sponsor = StringField(
        lazy("Sponsor"),
        [Length(max=200, message=TOO_LONG)],
        description=lazy("The organisation that answers for the study by law."),
    )
    languages = SelectMultipleField(
        lazy("Languages of the participants"),
        choices=lambda: offered((language, language_name(language).capitalize()) for language in LANGUAGES),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Every text in every chosen language."""
        is_right = bool(super().validate(extra_validators))
        if not self.languages.data:
            self.languages.errors = [*self.languages.errors, _("Choose at least one language.")]
            is_right = False
        for name, field in self._fields.items():
            kind, _dash, language = name.partition("-")
            if kind in MISSING and language in (self.languages.data or ()) and not (field.data or "").strip():
                field.errors = [*field.errors, str(MISSING[kind]) % {"language": language_name(language)}]
                is_right = False
        return is_right

    def texts(self, kind: str) -> dict[str, str]:
        """The texts of the chosen languages."""
        return {language: self._fields[f"{kind}-{language}"].data.strip() for language in self.languages.data}

    def settings(self) -> Settings:
        """What was typed, once it is valid."""
        return Settings(self.texts("title"), self.texts("contact"), self.languages.data, self.sponsor.data.strip())


MISSING: Mapping[str, Any] = {
    "title": lazy("Enter the title in this language: %(language)s."),
    "contact": lazy("Say whom participants can ask in this language: %(language)s."),
}

for _language in LANGUAGES:
    setattr(
        SettingsForm,
        f"title-{_language}",
        StringField(validators=[Length(max=200, message=TOO_LONG)], render_kw={"lang": _language}),
    )
    setattr(
        SettingsForm,
        f"contact-{_language}",
        TextAreaField(validators=[Length(max=1000, message=TOO_LONG)], render_kw={"lang": _language}),
    )


class NewStudyForm(SettingsForm):
    """The same with the code, which never changes afterwards."""

    code = StringField(
        lazy("Code"),
        [
            InputRequired(lazy("Enter a code.")),
            Length(max=40, message=TOO_LONG),
            Regexp(r"^[A-Z][A-Z0-9-]*$", message=lazy("A code has capital letters, digits and - only.")),
        ],
        description=lazy(
            "Short, in capitals, known to everybody in the team. It stands in addresses and files for ever."
        ),
    )


def of_study(study: Study) -> dict[str, object]:
    """What stands in the form of a study at first."""
    texts = {f"title-{language}": text for language, text in study.titles.items()}
    texts |= {f"contact-{language}": text for language, text in study.contacts.items()}
    return {"sponsor": study.sponsor, "languages": list(study.languages), **texts}
