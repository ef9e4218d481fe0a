"""What a questionnaire needs before a study can ask it: a wording in each language, and a licence. In words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.web.investigator import scales
from app.web.locale import _, lazy
from app.web.navigation import has_page
from app.web.request import current
from app.web.texts import language_name

ELECTRONIC: Mapping[str, Any] = {
    "not-needed": lazy("No licence needed"),
    "included": lazy("Licence covers electronic use"),
    "separate": lazy("Electronic use needs a licence of its own"),
    "ask": lazy("Ask the owner about electronic use"),
}
LIBRARY_PAGE, PREVIEW_PAGE = "investigator_library.instrument", "preview.start"


@dataclass(frozen=True, slots=True)
class InstrumentState:
    """One instrument as a designer looks at it. ``missing``: the study's languages without a wording, in words."""

    key: str
    name: str
    minutes: int
    licence: str
    missing: str
    url: str | None
    preview: str | None
    is_known: bool


def of(key: str, languages: Iterable[str]) -> InstrumentState:
    """The state of an instrument for a study in some languages; one that is not in the library says so."""
    library = current.library
    if key not in library.installed:
        return InstrumentState(key, key, 0, _("Not in the library"), "", None, None, is_known=False)
    instrument, there = library.instrument(key), library.languages(key)
    return InstrumentState(
        key=key,
        name=scales.name_of(key),
        minutes=instrument.minutes,
        licence=str(ELECTRONIC[instrument.licence.electronic]),
        missing=", ".join(language_name(language) for language in languages if language not in there),
        url=url_for(LIBRARY_PAGE, key=key) if has_page(LIBRARY_PAGE) else None,
        preview=url_for(PREVIEW_PAGE, key=key, language=current.language) if has_page(PREVIEW_PAGE) else None,
        is_known=True,
    )
