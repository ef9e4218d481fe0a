"""May a study ask with these instruments in these languages? What is missing, said as codes with facts.

An instrument needs a wording of its owner in each language and, unless its wording is free, a licence that covers the
study and the language on that day, electronic use included where the owner licenses that apart.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.licences import register
from app.licences.terms import Permit, warned_until
from app.questionnaires.definition import Instrument
from app.questionnaires.library import Library

BLOCKING = (
    "instrument-unknown",
    "wording-missing",
    "wording-preview",
    "licence-missing",
    "permission-missing",
    "licence-not-yet-valid",
    "licence-expired",
    "electronic-missing",
)
WARNING = ("licence-expires",)
CODES = (*BLOCKING, *WARNING)
"""Every problem there is; a page has one sentence for each."""
APART = ("separate", "ask")  # where electronic use must be attested beside the licence itself


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing, of one instrument and, unless it is about all of them, in one language.

    ``facts``: ``licence-expired`` and ``licence-expires`` have ``expires_on`` (the last day) and the licence's
    ``number``; ``licence-not-yet-valid`` has ``valid_from``; ``wording-missing`` has ``is_withdrawn``.
    """

    code: str
    instrument: str
    language: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        """Whether the study cannot go live with it, or the language not be offered; else it is only an early word."""
        return self.code in BLOCKING


def readiness(
    session: Session,
    library: Library,
    study_id: int,
    instruments: Iterable[str],
    languages: Iterable[str],
    on: date,
    until: date | None = None,
) -> tuple[Problem, ...]:
    """What a study still needs before it may ask ``instruments`` (keys) in ``languages``; two statements at most.

    Go live only where ``blocking`` of it is empty. ``on`` is today; ``until`` (default: 61 days on) is the day up to
    which a licence should hold: one that ends before is reported as ``licence-expires``, which blocks nothing.
    """
    wanted = tuple(dict.fromkeys(instruments))
    licensed = [key for key in wanted if key in library.installed and is_licensed(library.instrument(key))]
    permits = register.permits(session, licensed) if licensed else ()
    return problems(library, permits, study_id, wanted, tuple(languages), on, until)


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that keep a study from going live."""
    return tuple(one for one in problems if one.is_blocking)


def problems(
    library: Library,
    permits: Collection[Permit],
    study_id: int,
    instruments: Iterable[str],
    languages: Collection[str],
    on: date,
    until: date | None = None,
) -> tuple[Problem, ...]:
    """The same from licences that were read before: pure, by instrument and language in the order given."""
    found: list[Problem] = []
    for key in dict.fromkeys(instruments):
        if key not in library.installed:
            found.append(Problem("instrument-unknown", key))
            continue
        mine = [permit for permit in permits if permit.instrument == key]
        needs_licence = is_licensed(library.instrument(key))
        if needs_licence and not mine:
            found.append(Problem("licence-missing", key))
        for language in languages:
            found += _of_wording(library, key, language)
            if needs_licence and mine:
                found += _of_licence(library.instrument(key), mine, study_id, language, on, until or warned_until(on))
    return tuple(found)


def offered(problems: Iterable[Problem], languages: Iterable[str]) -> tuple[str, ...]:
    """The languages that nothing keeps from being offered."""
    kept = {one.language for one in blocking(problems)}
    return () if None in kept else tuple(language for language in languages if language not in kept)


def is_licensed(instrument: Instrument) -> bool:
    """Whether somebody's permission is needed at all."""
    return instrument.licence.wording != "free"


def _of_wording(library: Library, key: str, language: str) -> Iterator[Problem]:
    packs = library.packs(key, language)
    usable = [pack for pack in packs if pack.is_usable]
    if not usable:
        yield Problem("wording-missing", key, language, {"is_withdrawn": bool(packs)})
    elif all(pack.wording.provenance.kind == "preview" for pack in usable):
        yield Problem("wording-preview", key, language)


def _of_licence(
    instrument: Instrument, permits: Collection[Permit], study_id: int, language: str, on: date, until: date
) -> Iterator[Problem]:
    """The first thing that is missing, in the order in which one would get it; a licence that has it all is enough."""
    key = instrument.key
    covering = [permit.terms for permit in permits if permit.terms.covers(study_id, language)]
    if not covering:
        yield Problem("permission-missing", key, language)
        return
    valid = [terms for terms in covering if terms.holds(on)]
    if not valid:
        coming = [terms.valid_from for terms in covering if terms.valid_from > on]
        if coming:
            yield Problem("licence-not-yet-valid", key, language, {"valid_from": min(coming)})
            return
        last = max(covering, key=lambda terms: terms.expires_on or date.max)
        yield Problem("licence-expired", key, language, {"expires_on": last.expires_on, "number": last.number})
        return
    if instrument.licence.electronic in APART:
        valid = [terms for terms in valid if terms.electronic]
        if not valid:
            yield Problem("electronic-missing", key, language)
            return
    longest = max(valid, key=lambda terms: terms.expires_on or date.max)
    if longest.expires_on is not None and longest.expires_on < until:
        yield Problem("licence-expires", key, language, {"expires_on": longest.expires_on, "number": longest.number})
