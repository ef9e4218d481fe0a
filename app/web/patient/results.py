"""A participant's own scores over time: each as a sentence, a chart and a table, higher always meaning better."""

from dataclasses import dataclass, replace
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
from app.web.filters import day, number, short_day
from app.web.locale import _, lazy
from app.web.request import current
from app.web.showable import drawn_scales
from app.web.texts import in_language, wording_for

bp = Blueprint("patient_results", __name__)

CHANGES: dict[str, Any] = {
    "better": lazy("On %(day)s: %(value)s out of 100. That is better than the time before (%(before)s)."),
    "worse": lazy("On %(day)s: %(value)s out of 100. That is lower than the time before (%(before)s)."),
    "same": lazy("On %(day)s: %(value)s out of 100. That is about the same as the time before (%(before)s)."),
}


# Only a change for the better has a colour: nobody needs a warning sign on a bad week.
MARKS: dict[str, tuple[Any, str]] = {
    "better": (lazy("Better than before"), "done"),
    "worse": (lazy("Lower than before"), "neutral"),
    "same": (lazy("About the same"), "neutral"),
    "first": (lazy("First time"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Course:
    """One scale of one questionnaire as the participant reads it: the latest in a line, the rest when it is opened."""

    words: ScaleText
    latest: str
    mark: tuple[Any, str]
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
    drawn = drawn_scales(current.library.instrument(instrument))
    courses = tuple(_course(mine, instrument, scale, wording.scales[scale]) for scale in drawn)
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
    known = [(point.on, point.value) for point in points if point.value is not None]
    turn = change(known[-2][1], known[-1][1]) if len(known) > 1 else "first"
    sentence = _sentence(known, turn)
    latest = _("%(value)s out of 100", value=number(known[-1][1])) if known else ""
    picture = _picture(f"scale-{mine.participant_id}-{scale}", series, words, sentence)
    return Course(words, latest, MARKS[turn], sentence, picture, _table(series))


def _sentence(known: list[tuple[date, float]], turn: str) -> str:
    """The latest number in words, and whether it differs from the one before by more than everyday ups and downs."""
    if not known:
        return _("There were too few answers to show a number.")
    on, value = known[-1]
    facts = {"day": day(on), "value": number(value)}
    if turn == "first":
        return _("On %(day)s: %(value)s out of 100.", **facts)
    return str(CHANGES[turn]) % {**facts, "before": number(known[-2][1])}


def _picture(prefix: str, series: Series, words: ScaleText, sentence: str) -> Markup:
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
    style = Style(number=number, day=short_day, missing=_("too few answers"))
    return rows([replace(series, name=_("Out of 100"))], on=_("Day"), visit=_("When"), style=style)


def _month(on: date) -> str:
    return format_date(on, format="MMM yyyy", locale=locale(current.language))
