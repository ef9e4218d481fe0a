"""Finding instruments in the library: by words that occur in them, and by what is known of them."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.questionnaires.definition import Instrument
from app.questionnaires.library import Installed, Library

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" and False ask for nothing in particular. ``language`` is one of an installed wording."""

    text: str = ""
    family: str = ""
    language: str = ""
    respondent: str = ""
    answerable: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 1, with the size of the whole."""

    keys: Sequence[str]
    number: int
    pages: int
    total: int


def matching(library: Library, wanted: Wanted, is_answerable: Callable[[Instrument], bool]) -> list[str]:
    """The keys of the instruments asked for, by title; every word of the text has to occur, in whatever order."""
    words = folded(wanted.text).split()
    found = [
        key
        for key, one in library.installed.items()
        if wanted.family in ("", one.instrument.family)
        and wanted.respondent in ("", one.instrument.respondent)
        and (not wanted.language or wanted.language in one.wordings)
        and (not wanted.answerable or (bool(one.wordings) and is_answerable(one.instrument)))
        and (not words or _has_all(one, words))
    ]
    return sorted(found, key=lambda key: (folded(library.instrument(key).title), key))


def page(keys: Sequence[str], number: int) -> Page:
    """That page, or the nearest one there is; an empty list has one empty page."""
    pages = max(1, -(-len(keys) // A_PAGE))
    number = min(max(number, 1), pages)
    start = (number - 1) * A_PAGE
    return Page(keys[start : start + A_PAGE], number, pages, len(keys))


def folded(text: str) -> str:
    """A text without accents and capitals: “Épuisé” is found by “epuise”."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


def _has_all(one: Installed, words: list[str]) -> bool:
    text = folded("\n".join(_texts(one)))
    return all(word in text for word in words)


def _texts(one: Installed) -> list[str]:
    """Code, title, family and owner, topics, and scales by their codes and names in every installed language."""
    instrument = one.instrument
    return [
        instrument.key,
        instrument.title,
        instrument.family,
        instrument.owner,
        *(item.topic for item in instrument.items.values()),
        *instrument.scales,
        *(scale.title for scale in instrument.scales.values()),
        *(wording.title for wording in one.wordings.values()),
        *(scale.name for wording in one.wordings.values() for scale in wording.scales.values()),
    ]
