"""The instruments of a study with their wordings and licences: what is there, what is missing, what ends when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint

from app.licences import readiness, register
from app.licences.readiness import Problem
from app.licences.terms import Permit
from app.questionnaires.pack import Pack
from app.studies import queries
from app.web import licence_words
from app.web.access import Who, allow
from app.web.filters import today
from app.web.investigator.access import study_for
from app.web.investigator.frame import study_page
from app.web.locale import _
from app.web.request import current
from app.web.texts import language_name

bp = Blueprint("investigator_instruments", __name__)


@dataclass(frozen=True, slots=True)
class InLanguage:
    """An instrument in one language: the wording that people begin with, and the permission to use it."""

    language: str
    pack: Pack | None
    permission: tuple[str, str]
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Card:
    """An instrument of the study. ``is_licensed``: somebody's permission is needed; ``owner`` then says whose."""

    key: str
    title: str
    owner: str
    is_licensed: bool
    is_installed: bool
    rows: tuple[InLanguage, ...]


@bp.get("/studies/<code>/instruments")
@allow(Who.STAFF)
def instruments(code: str) -> str:
    """By instrument and language, as the newest protocol asks for them."""
    access = study_for(code)
    study = access.study
    protocols = queries.newest_protocols(current.session, [study.id])
    wanted = queries.instruments_of(visit for one in protocols.values() for visit in one.visits)
    permits = register.permits(current.session, wanted)
    told = readiness.problems(current.library, permits, study.id, wanted, study.languages, today())
    return study_page(
        "instruments.html",
        access,
        cards=[_card(key, study.id, study.languages, permits, told) for key in wanted],
        missing=[licence_words.sentence(one) for one in told if one.is_blocking],
        ending=[licence_words.sentence(one) for one in told if not one.is_blocking],
        kinds=licence_words.KINDS,
        language_name=language_name,
    )


def _card(
    key: str, study_id: int, languages: Iterable[str], permits: Iterable[Permit], told: Iterable[Problem]
) -> Card:
    known = current.library.installed.get(key)
    if known is None:
        return Card(key, key, "", is_licensed=False, is_installed=False, rows=())
    is_licensed = readiness.is_licensed(known.instrument)
    mine = [one for one in told if one.instrument == key]
    ends = {language: _ends(key, study_id, language, permits) for language in languages}
    rows = tuple(
        InLanguage(language, _pack(key, language), _permission(mine, language, is_licensed=is_licensed), ends[language])
        for language in languages
    )
    instrument = known.instrument
    return Card(key, instrument.title, instrument.owner, is_licensed=is_licensed, is_installed=True, rows=rows)


def _pack(key: str, language: str) -> Pack | None:
    """The version that people begin with; None where there is none in use."""
    if language not in current.library.languages(key):
        return None
    wording = current.library.wording(key, language)
    return next(pack for pack in current.library.packs(key, language) if pack.wording == wording)


def _permission(problems: Iterable[Problem], language: str, *, is_licensed: bool) -> tuple[str, str]:
    if not is_licensed:
        return _("Not needed"), "done"
    for one in problems:
        if one.language in (None, language) and one.code in licence_words.PERMISSION_STATES:
            words, kind = licence_words.PERMISSION_STATES[one.code]
            return str(words), kind
    return _("Permission given"), "done"


def _ends(key: str, study_id: int, language: str, permits: Iterable[Permit]) -> date | None:
    """The last day of the licence that holds longest; None where there is none, and where it has no end."""
    covering = [one.terms for one in permits if one.instrument == key and one.terms.covers(study_id, language)]
    if not covering or any(terms.expires_on is None for terms in covering):
        return None
    return max(terms.expires_on for terms in covering if terms.expires_on is not None)
