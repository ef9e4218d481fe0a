"""Which of several languages a text is shown in: the reader's where there is one, another one otherwise."""

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from app.questionnaires.wording import Wording
from app.web.request import current


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in that language, or in any where the study has none in it."""
    return texts.get(language) or next(iter(texts.values()), "")


def wording_for(instrument: str, otherwise: str) -> Wording:
    """The instrument's wording in the reader's language, else in another one, else in any that is installed."""
    library = current.library
    in_use = library.languages(instrument)
    if current.language in in_use:
        return library.wording(instrument, current.language)
    if library.packs(instrument, otherwise):
        return library.wording(instrument, otherwise)
    return library.wording(instrument, in_use[0] if in_use else otherwise)


def language_name(code: str) -> str:
    """A language as the reader calls it; by its code where nobody has a name for it."""
    try:
        return Locale.parse(code, sep="-").get_display_name(current.language) or code
    except (UnknownLocaleError, ValueError):
        return code
