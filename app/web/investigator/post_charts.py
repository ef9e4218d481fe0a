"""The charts a summary can show: which there are in a study, and one of them as participants would see it now."""

from collections.abc import Mapping

from app.announcements.charts import Choice, CoursePoint, FrozenChart, ScaleWords, freeze
from app.questionnaires.elements import ScaleId
from app.questionnaires.library import NotInLibrary
from app.questionnaires.wording import Wording
from app.responses.queries import mean_course
from app.studies.models import Study
from app.studies.queries import instruments_of, protocols, visits_of
from app.web.locale import _
from app.web.request import current
from app.web.showable import drawn_scales


def options(study: Study) -> list[tuple[str, str]]:
    """Every scale of every instrument of the study, by the name that participants know: value and label of a field."""
    found = [("", _("No chart"))]
    for key in instruments_of(visits_of(protocols(current.session, study.id).values())):
        wording = _wordings(key, (current.language, *study.languages))
        for words in list(wording.values())[:1]:
            found += [
                (f"{key}/{scale}", f"{words.scales[scale].name} ({words.title})")
                for scale in drawn_scales(current.library.instrument(key))
            ]
    return found


def drawn(study: Study, choice: Choice) -> FrozenChart | None:
    """The mean course of the whole study as of now; None where its instrument is no longer installed."""
    wordings = _wordings(choice.instrument, study.languages)
    scale = ScaleId(choice.scale)
    if not wordings or scale not in drawn_scales(current.library.instrument(choice.instrument)):
        return None
    course = mean_course(current.session, study.id, choice.instrument, choice.scale)[0]
    return freeze(
        choice,
        current.library.instrument(choice.instrument).scales[scale],
        {language: _words(wording, scale) for language, wording in wordings.items()},
        [CoursePoint(stop.titles, stop.position, stop.mean, stop.low, stop.high, stop.n) for stop in course.stops],
        current.at,
    )


def _words(wording: Wording, scale: ScaleId) -> ScaleWords:
    text = wording.scales[scale]
    return ScaleWords(name=text.name, explanation=text.explanation, low=text.low, high=text.high)


def _wordings(key: str, languages: tuple[str, ...] | list[str]) -> Mapping[str, Wording]:
    """The installed wordings of an instrument in some languages, in their order."""
    found = {}
    for language in languages:
        try:
            found[language] = current.library.wording(key, language)
        except NotInLibrary:
            continue
    return found
