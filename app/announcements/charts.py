"""The chart of a summary: a study's mean course, made safe to show and frozen with every word it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from app.errors import Refusal
from app.questionnaires.scale import Scale
from app.scoring.interpret import as_wellbeing

LEAST_PEOPLE = 10
"""A mean of fewer people is never shown: it could tell what one of them answered."""

LEAST_POINTS = 2
"""With fewer means there is no course to show."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which scale of which instrument (``weshare-core@1.0``) a summary shows."""

    instrument: str
    scale: str


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """The mean score of ``n`` people at one visit, ``position`` months from the start, with its interval, as scored."""

    titles: Mapping[str, str]
    position: float
    mean: float | None
    low: float | None
    high: float | None
    n: int


class Frozen(BaseModel):
    """A value that is kept as JSON and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScaleWords(Frozen):
    """What a participant reads about a scale in one language: its name, what it is about, what 0 and 100 mean."""

    name: str
    explanation: str
    low: str
    high: str


class ShownPoint(Frozen):
    """A mean turned so that higher is better, in whole points; without any number where fewer than ten answered.

    Whole points on purpose: from two exact means of nearly the same people, one person's score could be worked out.
    """

    titles: dict[str, str]
    position: float
    mean: int | None
    low: int | None
    high: int | None
    n: int | None


class FrozenChart(Frozen):
    """A mean course as participants see it, for ever."""

    instrument: str
    scale: str
    as_of: datetime
    words: dict[str, ScaleWords]
    points: tuple[ShownPoint, ...]

    @property
    def shown(self) -> tuple[ShownPoint, ...]:
        """The points that enough people stand behind."""
        return tuple(point for point in self.points if point.mean is not None)


def freeze(
    choice: Choice, scale: Scale, words: Mapping[str, ScaleWords], course: Sequence[CoursePoint], at: datetime
) -> FrozenChart:
    """The course as it may be shown, whether or not enough of it is left to publish."""
    return FrozenChart(
        instrument=choice.instrument,
        scale=choice.scale,
        as_of=at,
        words=dict(words),
        points=tuple(_shown(scale, point) for point in sorted(course, key=lambda point: point.position)),
    )


def refuse_too_few(chart: FrozenChart) -> None:
    """Refusal("too-few-for-chart") for a chart that must not be published."""
    if len(chart.shown) < LEAST_POINTS:
        raise Refusal("too-few-for-chart", {"people": LEAST_PEOPLE, "points": LEAST_POINTS})


def thaw(kept: Mapping[str, object]) -> FrozenChart:
    """The chart that a post keeps."""
    return FrozenChart.model_validate(kept)


def _shown(scale: Scale, point: CoursePoint) -> ShownPoint:
    titles = dict(point.titles)
    if point.mean is None or point.n < LEAST_PEOPLE:
        return ShownPoint(titles=titles, position=point.position, mean=None, low=None, high=None, n=None)
    ends = sorted(_whole(scale, end) for end in (point.low, point.high) if end is not None)
    low, high = ends if len(ends) == 2 else (None, None)
    return ShownPoint(
        titles=titles, position=point.position, mean=_whole(scale, point.mean), low=low, high=high, n=point.n
    )


def _whole(scale: Scale, score: float) -> int:
    return round(as_wellbeing(scale, min(max(score, 0.0), 100.0)))
