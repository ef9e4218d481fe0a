"""Interface words in the reader's language, on Babel; the text of questionnaires is wording and never comes here."""

from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
SOURCE_LANGUAGE = "en"
# Whose way of writing dates and numbers a language takes: our readers are in Europe.
TERRITORIES = {"fr": "fr_FR", "en": "en_GB"}
HOUSE_ZONE = ZoneInfo("Europe/Paris")
"""By which clocks the house lives, and whoever has not said otherwise."""


@cache
def catalogue(language: str, folder: Path) -> NullTranslations:
    """The messages of a language, compiled from its .po file in memory so that no stale file can be served.

    The source language needs no file. KeyError for a language the interface is not offered in.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def negotiate(wanted: list[str]) -> str:
    """The best interface language for a browser's wishes, best first; the default where none fits."""
    for tag in wanted:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return DEFAULT_LANGUAGE


def locale(language: str) -> Locale:
    """Babel's locale for dates, numbers and text direction."""
    return Locale.parse(TERRITORIES.get(language, language))
