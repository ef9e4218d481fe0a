"""The form of a licence: what a data manager types, and what it says as terms."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.licences.register import Attested
from app.licences.terms import Terms
from app.studies.models import Study
from app.web.licence_words import name_of
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language
from app.wordings.install import is_language

LONGEST: Mapping[str, int] = {"owner": 200, "number": 80, "terms": 4000, "languages": 200}
MISSING: Mapping[str, Any] = {
    "owner": lazy("Write who owns the questionnaire."),
    "number": lazy("Write the number of the licence, or what the owner calls the agreement."),
    "terms": lazy("Write in a sentence what was agreed."),
    "languages": lazy("Write the codes of the languages, such as: fr, en."),
    "valid_from": lazy("Write the first day of the licence."),
}
EVERY_STUDY = "every"


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """The texts of the form as they stand in it, with their mistakes; ``terms`` once there are none."""

    values: Mapping[str, str]
    studies: tuple[str, ...]
    errors: tuple[tuple[str, str], ...] = ()
    terms: Terms | None = None
    instrument: str = ""
    seen: int = 0

    def error(self, name: str) -> str | None:
        """The mistake of one field."""
        return dict(self.errors).get(name)


@dataclass(slots=True)
class _Reading:
    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        written = self.values[name].strip()
        if not written:
            self.errors[name] = str(MISSING[name])
        elif len(written) > LONGEST[name]:
            self.errors[name] = _("This text is too long; at most %(longest)s characters fit.", longest=LONGEST[name])
        return written

    def day(self, name: str, *, is_needed: bool) -> date | None:
        written = self.values[name].strip()
        if not written:
            if is_needed:
                self.errors[name] = str(MISSING[name])
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.errors[name] = _("Write the day as year-month-day: 2026-01-31.")
            return None


def empty(instrument: str = "") -> LicenceForm:
    """Nothing typed yet; owner and terms as the instrument's definition names them."""
    known = current.library.installed.get(instrument)
    values = dict.fromkeys(("owner", "number", "terms", "languages", "electronic", "valid_from", "expires_on"), "")
    if known:
        values |= {"owner": known.instrument.owner, "terms": known.instrument.licence.terms}
    return LicenceForm(values, (), instrument=instrument)


def of(last: Attested) -> LicenceForm:
    """A licence as it stands, to be revised."""
    terms = last.terms
    values = {
        "owner": terms.owner,
        "number": terms.number,
        "terms": terms.terms,
        "languages": ", ".join(sorted(terms.languages)),
        "electronic": "yes" if terms.electronic else "no",
        "valid_from": terms.valid_from.isoformat(),
        "expires_on": terms.expires_on.isoformat() if terms.expires_on else "",
    }
    studies = (EVERY_STUDY,) if terms.study_ids is None else tuple(map(str, sorted(terms.study_ids)))
    return LicenceForm(values, studies, instrument=last.instrument, seen=last.number)


def read(posted: MultiDict[str, str], studies: Iterable[Study], instrument: str | None = None) -> LicenceForm:
    """What a browser sent, with every mistake at its field. ``instrument``: the one it is about, if that is fixed."""
    values = {name: posted.get(name, "") for name in empty().values}
    chosen = tuple(posted.getlist("studies"))
    reading = _Reading(values)
    about = posted.get("instrument", "") if instrument is None else instrument
    if about not in current.library.installed and instrument is None:
        reading.errors["instrument"] = _("Choose one of the questionnaires of the list.")
    known = {str(study.id) for study in studies}
    if not chosen or set(chosen) - known - {EVERY_STUDY}:
        reading.errors["studies"] = _("Choose the studies that the licence covers.")
    if values["electronic"] not in ("yes", "no"):
        reading.errors["electronic"] = _("Say whether the licence includes electronic use.")
    terms = _terms(reading, chosen)
    seen = posted.get("revision", "")
    return LicenceForm(
        values,
        chosen,
        _in_order(reading.errors),
        None if reading.errors else terms,
        about,
        int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else 0,
    )


def study_choices(studies: Iterable[Study]) -> list[tuple[str, str]]:
    """What the checkboxes of the form offer."""
    named = [(str(one.id), f"{one.code}: {in_language(one.titles, current.language)}") for one in studies]
    return [(EVERY_STUDY, _("Every study of this platform, later ones included")), *named]


def instrument_choices() -> list[tuple[str, str]]:
    """The instruments whose wording belongs to somebody."""
    licensed = [key for key in current.library.keys if current.library.instrument(key).licence.wording != "free"]
    return sorted(((key, f"{name_of(key)} ({key})") for key in licensed), key=lambda one: one[1].casefold())


def _terms(reading: _Reading, studies: tuple[str, ...]) -> Terms | None:
    owner, number, terms = (reading.text(name) for name in ("owner", "number", "terms"))
    languages = frozenset(part for part in re.split(r"[\s,;]+", reading.text("languages")) if part)
    if wrong := sorted(code for code in languages if not is_language(code)):
        reading.errors["languages"] = _("“%(code)s” is not the code of a language, such as fr or pt-BR.", code=wrong[0])
    begins, ends = reading.day("valid_from", is_needed=True), reading.day("expires_on", is_needed=False)
    if begins and ends and ends < begins:
        reading.errors["expires_on"] = _("The last day lies before the first day.")
    if reading.errors or begins is None:
        return None
    covered = None if EVERY_STUDY in studies else frozenset(map(int, studies))
    return Terms(owner, number, terms, covered, languages, reading.values["electronic"] == "yes", begins, ends)


def _in_order(errors: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    order = ("instrument", "owner", "number", "terms", "studies", "languages", "electronic", "valid_from", "expires_on")
    return tuple((name, errors[name]) for name in order if name in errors)
