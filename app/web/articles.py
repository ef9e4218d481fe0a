"""A post as its readers see it: on their news page and in the previews of those who decide on it, by one template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from app.announcements.charts import LEAST_PEOPLE, FrozenChart, ShownPoint
from app.announcements.posts import Words
from app.charts.axes import COMPACT
from app.charts.band import band_chart
from app.charts.model import Axis, BandPoint, BandSeries, Ids
from app.plain_text import Block, blocks
from app.web.filters import number, short_day
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language

KIND_NAMES: Mapping[str, Any] = {
    "summary": lazy("Results of the study"),
    "trial": lazy("A new clinical trial"),
    "survey": lazy("A new survey"),
}
MUTED_NAMES: Mapping[str, Any] = {
    "trial": lazy("Announcements of clinical trials"),
    "survey": lazy("Announcements of surveys"),
}
SECTION_NAMES: Mapping[str, Any] = {
    "who": lazy("Who can take part"),
    "involves": lazy("What taking part means"),
    "duration": lazy("How long it takes"),
    "contact": lazy("Whom to ask"),
}
IDS = Ids("post-chart-title", "post-chart-description")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an announcement under its own heading."""

    heading: Any
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A picture and the table beside it; ``left_out`` says that some visits are left out to protect people."""

    name: str
    explanation: str
    picture: Markup
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """Everything a reader sees of a post; ``lang`` where the post is not in the language of the page around it.

    ``is_offer``: the reader does not take part in the study, and could.
    """

    kind: Any
    study: str
    lang: str | None
    title: str
    published_at: datetime | None
    body: tuple[Block, ...]
    sections: tuple[Section, ...]
    chart: ChartView | None
    is_offer: bool = False


def article(
    kind: str,
    study: str,
    language: str,
    words: Words,
    chart: FrozenChart | None,
    published_at: datetime | None,
    *,
    is_offer: bool = False,
) -> Article:
    """The post in one language; what has not been written yet is left out."""
    written = [(name, getattr(words, name)) for name in SECTION_NAMES]
    return Article(
        kind=KIND_NAMES[kind],
        study=study,
        lang=other_language(language),
        title=words.title,
        published_at=published_at,
        body=blocks(words.body),
        sections=tuple(Section(SECTION_NAMES[name], blocks(text)) for name, text in written if text),
        chart=None if chart is None else _view(chart, language),
        is_offer=is_offer,
    )


def other_language(language: str) -> str | None:
    """The language of a text where the page around it is in another one."""
    return None if language == current.language else language


def _view(chart: FrozenChart, language: str) -> ChartView:
    words = chart.words.get(language) or next(iter(chart.words.values()))
    points = [_band_point(point, language) for point in chart.points]
    picture = band_chart(
        [BandSeries(words.name, tuple(points))],
        ids=IDS,
        title=_("%(name)s: the average at each visit", name=words.name),
        description=_description(chart.shown, language),
        axis=Axis(
            low=_("0: %(meaning)s", meaning=words.low),
            high=_("100: %(meaning)s", meaning=words.high),
            number=number,
            day=short_day,
        ),
        people=_("People who answered"),
        frame=COMPACT,
    )
    return ChartView(
        name=words.name,
        explanation=words.explanation,
        # Our own drawing: every text in it was escaped by the XML writer.
        picture=Markup(picture),  # noqa: S704
        header=(_("Visit"), _("Average"), _("Most likely between"), _("People")),
        rows=tuple(_row(point, language) for point in chart.points),
        left_out=_left_out() if len(chart.shown) < len(chart.points) else "",
        as_of=chart.as_of,
    )


def _left_out() -> str:
    return _(
        "Where fewer than %(people)s people answered, no average is shown, so that nobody can be recognised.",
        people=LEAST_PEOPLE,
    )


def _band_point(point: ShownPoint, language: str) -> BandPoint:
    label = in_language(point.titles, language)
    return BandPoint(label, point.position, point.mean, point.low, point.high, point.n)


def _row(point: ShownPoint, language: str) -> tuple[str, ...]:
    title = in_language(point.titles, language)
    if point.mean is None:
        return (title, "–", "–", _("fewer than %(people)s", people=LEAST_PEOPLE))
    interval = "–" if point.low is None else _("%(low)s and %(high)s", low=number(point.low), high=number(point.high))
    return (title, number(point.mean), interval, number(point.n))


def _description(shown: Sequence[ShownPoint], language: str) -> str:
    """The course in a sentence, for whoever does not see the picture."""
    if not shown:
        return ""
    first, last = shown[0], shown[-1]
    return _(
        "%(first_visit)s: %(first)s out of 100. %(last_visit)s: %(last)s out of 100. The table below has every number.",
        first_visit=in_language(first.titles, language),
        first=number(first.mean),
        last_visit=in_language(last.titles, language),
        last=number(last.mean),
    )
