"""In which language somebody is asked, and with which version of its wording, from the beginning of a sheet to its end.

Somebody begins in the language that they read, where the study offers it today; else in the one they entered the study
in, else in the study's first. That first language is never taken away from people who are already in the study: a
licence that ran out is for the study's team to mend, not a closed door for a patient.
"""

from collections.abc import Collection, Iterable, Mapping

from app.errors import Refusal
from app.licences import readiness
from app.participants.models import Participant
from app.questionnaires.library import NotInLibrary
from app.questionnaires.wording import Wording
from app.responses.models import AnswerSheet
from app.responses.sheets import Asking
from app.studies.models import Study
from app.web.filters import today
from app.web.request import current
from app.web.texts import wording_for


def offered(study: Study, instruments: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """By instrument the languages in which somebody can begin today, the study's first one first.

    Nothing asks the database as long as no instrument needs a licence; otherwise two statements.
    """
    wanted = tuple(instruments)
    told = readiness.readiness(current.session, current.library, study.id, wanted, study.languages, today())
    missing = {(one.instrument, one.language) for one in readiness.blocking(told)}
    return {key: _offered(study, key, missing) for key in wanted}


def asking(study: Study, participant: Participant, instruments: Iterable[str]) -> Mapping[str, Asking]:
    """How each instrument of a visit begins. Refusal("not-answerable-here") where one has no wording at all."""
    found = {}
    for key, languages in offered(study, instruments).items():
        if not languages:
            raise Refusal("not-answerable-here")
        language = next((one for one in (current.language, participant.language) if one in languages), languages[0])
        versions = {one: current.library.wording(key, one).wording_version for one in languages}
        found[key] = Asking(language, versions)
    return found


def wording_of(sheet: AnswerSheet, wanted: str | None = None) -> Wording:
    """What a sheet is answered with: its own versions, in the reader's language if it began with one in it.

    ``wanted``: another language than the reader's, such as that of a form on paper. Refusal
    ("not-answerable-here") where its version is not installed any more: nobody goes on with another text.
    """
    if not sheet.wordings:  # begun before versions were kept
        return wording_for(sheet.instrument, sheet.language)
    wanted = wanted or current.language
    language = wanted if wanted in sheet.wordings else sheet.language
    try:
        return current.library.wording(sheet.instrument, language, sheet.wordings[language])
    except NotInLibrary:
        raise Refusal("not-answerable-here") from None


def _offered(study: Study, key: str, missing: Collection[tuple[str, str | None]]) -> tuple[str, ...]:
    """Without what is missing, but never without the study's first language that has a wording."""
    installed = [language for language in study.languages if language in current.library.languages(key)]
    if study.live_at is not None:  # a preview is no wording: nobody's answers to it would be worth anything
        installed = [one for one in installed if current.library.wording(key, one).provenance.kind != "preview"]
    free = tuple(one for one in installed if not {(key, one), (key, None)} & set(missing))
    return free or tuple(installed[:1])
