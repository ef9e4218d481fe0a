"""The library of instruments for professionals: finding one, and everything that is known of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request

from app.questionnaires import search
from app.questionnaires.definition import Instrument
from app.questionnaires.search import Wanted
from app.questionnaires.topics import topics
from app.questionnaires.wording import Wording
from app.web.access import Who, allow, is_data_manager
from app.web.investigator import instrument_words as words
from app.web.investigator import scale_words
from app.web.locale import lazy
from app.web.navigation import has_page
from app.web.request import current
from app.web.showable import is_answerable_here
from app.web.stored_numbers import asked

bp = Blueprint("investigator_library", __name__)
FILTERS = ("q", "family", "language", "respondent", "answerable")
LANGUAGES_NAMED: Mapping[str, Any] = {
    "own": lazy("WeShare’s own wording: %(languages)s"),
    "licensed": lazy("Licensed wording: %(languages)s"),
    "preview": lazy("Topics only: %(languages)s"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One instrument of the list; ``wordings`` say in words what is installed, nothing where it is topics only."""

    instrument: Instrument
    wordings: tuple[str, ...]
    electronic: str
    is_answerable: bool


@bp.get("/instruments")
@allow(Who.STAFF)
def instruments() -> str:
    """The instruments that fit what the address asks for."""
    library, wanted = current.library, _wanted()
    page = search.page(search.matching(library, wanted, is_answerable_here), asked("page"))
    everything = [library.instrument(key) for key in library.keys]
    languages = sorted({language for key in library.keys for language in library.languages(key)})
    return render_template(
        "investigator/library.html",
        page=page,
        rows=[_row(key) for key in page.keys],
        wanted=wanted,
        kept={name: value for name, value in request.args.items() if name in FILTERS and value},
        families=[(one, one) for one in sorted({one.family for one in everything}, key=search.folded)],
        languages=[(code, words.language_name(code)) for code in languages],
        respondents=list(words.RESPONDENTS.items()),
    )


@bp.get("/instruments/<key>")
@allow(Who.STAFF)
def instrument(key: str) -> str:
    """One instrument: what it asks, how it is scored, what a score means, and on which terms it may be used."""
    library = current.library
    if key not in library.installed:
        abort(404)
    one, wording = library.instrument(key), _wording(key)
    return render_template(
        "investigator/library_instrument.html",
        instrument=one,
        may_ask_for_packs=is_data_manager(current.person) and has_page("admin_packs.listing"),
        content_hash=library.instrument_hash(key),
        wordings=[library.wording(key, language) for language in library.languages(key)],
        versions=[other for other in library.keys if library.instrument(other).code == one.code],
        wording=wording,
        is_answerable=is_answerable_here(one),
        scales=scale_words.scales(one, wording),
        responses=words.responses(one, wording),
        routes=words.routes(one, wording),
        words=words,
    )


def _wanted() -> Wanted:
    """What the address asks for, no longer than anybody would type."""
    asked = request.args
    return Wanted(
        text=asked.get("q", "").strip()[:80],
        family=asked.get("family", "")[:80],
        language=asked.get("language", "")[:20],
        respondent=asked.get("respondent", "")[:20],
        answerable="answerable" in asked,
    )


def _row(key: str) -> Row:
    library = current.library
    one = library.instrument(key)
    installed = [library.wording(key, language) for language in library.languages(key)]
    return Row(
        instrument=one,
        wordings=tuple(_installed(installed)),
        electronic=str(words.ELECTRONIC[one.licence.electronic]),
        is_answerable=bool(installed) and is_answerable_here(one),
    )


def _installed(wordings: Iterable[Wording]) -> Iterable[str]:
    """One phrase for each kind of wording, with its languages."""
    by_kind: dict[str, list[str]] = {}
    for wording in wordings:
        by_kind.setdefault(wording.provenance.kind, []).append(words.language_name(wording.language))
    for kind, languages in by_kind.items():
        yield str(LANGUAGES_NAMED[kind]) % {"languages": ", ".join(languages)}


def _wording(key: str) -> Wording:
    """The wording in the reader's language where we may show it; else the topics, which are ours."""
    library = current.library
    for language in (current.language, *library.languages(key)):
        if language in library.languages(key) and library.wording(key, language).provenance.kind == "own":
            return library.wording(key, language)
    return topics(library.instrument(key))
