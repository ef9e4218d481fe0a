"""A participant's own scores over time: each as a sentence, a chart and a table, higher always meaning better."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Blueprint, render_template
from markupsafe import Markup

from app.charts.line import line_chart
from app.charts.model import Axis, Ids, Point, Series
from app.charts.table import Style, Table, rows
from app.i18n import locale
from app.questionnaires.elements import ScaleId
from app.questionnaires.wording import ScaleText
from app.responses import history
from app.responses.history import History
from app.scoring.interpret import as_wellbeing, change
from app.web.access import Who, account_of, allow
from app.web.filters import day, number
from app.web.locale import _, lazy
from app.web.patient.sheet import wording_for
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("patient_results", __name__)

CHANGES: dict[str, Any] = {
    "better": lazy("On %(day)s: %(value)s out of 100. That is better than the time before (%(before)s)."),
    "worse": lazy("On %(day)s: %(value)s out of 100. That is lower than the time before (%(before)s)."),
    "same": lazy("On %(day)s: %(value)s out of 100. That is about the same as the time before (%(before)s)."),
}


@dataclass(frozen=True, slots=True)
class Course:
    """One scale of one questionnaire as the participant reads it."""

    scale: ScaleId
    words: ScaleText
    sentence: str
    picture: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All scales of one questionnaire in one study."""

    study: str
    title: str
    courses: tuple[Course, ...]


@bp.get("/account/results")
@allow(Who.PARTICIPANT)
def results() -> str:
    """Everything that was sent, by study and questionnaire."""
    mine = history.series(current.session, account_of(current.person))
    shown = [_questionnaire(one, instrument) for one in mine for instrument in one.instruments]
    return render_template("patient/results.html", questionnaires=shown)


def _questionnaire(mine: History, instrument: str) -> Questionnaire:
    wording = wording_for(instrument, mine.sent[-1].language)
    courses = tuple(_course(mine, instrument, scale, words) for scale, words in wording.scales.items())
    return Questionnaire(in_language(mine.study_titles, current.language), wording.title, courses)


def _course(mine: History, instrument: str, scale: ScaleId, words: ScaleText) -> Course:
    definition = current.library.instrument(instrument).scales[scale]
    points = tuple(
        Point(
            on=mine.day(sent),
            value=None if score.value is None else as_wellbeing(definition, score.value),
            label=in_language(mine.visit_titles(sent), current.language),
        )
        for sent, score in mine.course(instrument, scale)
    )
    series = Series(words.name, points)
    sentence = _sentence(points)
    return Course(scale, words, sentence, _picture(mine, scale, series, words, sentence), _table(series))


def _sentence(points: tuple[Point, ...]) -> str:
    """The latest number in words, and whether it differs from the one before by more than everyday ups and downs."""
    known = [(point.on, point.value) for point in points if point.value is not None]
    if not known:
        return _("There were too few answers to show a number.")
    on, value = known[-1]
    if len(known) == 1:
        return _("On %(day)s: %(value)s out of 100.", day=day(on), value=number(value))
    before = known[-2][1]
    return str(CHANGES[change(before, value)]) % {"day": day(on), "value": number(value), "before": number(before)}


def _picture(mine: History, scale: ScaleId, series: Series, words: ScaleText, sentence: str) -> Markup:
    prefix = f"chart-{mine.participant_id}-{scale}"
    picture = line_chart(
        series,
        ids=Ids(f"{prefix}-title", f"{prefix}-description"),
        title=words.name,
        description=sentence,
        axis=Axis(
            low=_("0: %(meaning)s", meaning=words.low),
            high=_("100: %(meaning)s", meaning=words.high),
            number=number,
            day=_month,
        ),
    )
    # Our own drawing: every text in it was escaped by the XML writer.
    return Markup(picture)  # noqa: S704


def _table(series: Series) -> Table:
    style = Style(number=number, day=day, missing=_("too few answers"))
    return rows([series], on=_("Day"), visit=_("Questionnaire"), style=style)


def _month(on: date) -> str:
    return format_date(on, format="MMM yyyy", locale=locale(current.language))
