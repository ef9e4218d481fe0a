"""What a chart is made of: scores at dates, means at visits, and the words around them. Nothing here draws."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

LOWEST, HIGHEST = 0.0, 100.0


@dataclass(frozen=True, slots=True)
class Point:
    """One score of one person: a value from 0 to 100, or None where it could not be computed.

    ``label`` names the visit in words, for the table. ValueError for a value outside 0 to 100.
    """

    on: date
    value: float | None
    label: str

    def __post_init__(self) -> None:
        _check(self.value)


@dataclass(frozen=True, slots=True)
class Series:
    """The course of one score of one person."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The mean of ``n`` people at one visit, ``position`` months from the start, and its interval from low to high.

    ``mean`` is None where nobody answered, ``low`` and ``high`` where there is no interval, ``n`` where it must not be
    told. The interval may reach beyond 0 to 100; it is drawn up to there. ValueError for a mean outside 0 to 100.
    """

    label: str
    position: float
    mean: float | None
    low: float | None
    high: float | None
    n: int | None

    def __post_init__(self) -> None:
        _check(self.mean)


@dataclass(frozen=True, slots=True)
class BandSeries:
    """The mean course of one group of people, such as an arm; no visit twice."""

    name: str
    points: tuple[BandPoint, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The words of a chart in the reader's language: what 0 and 100 mean, and how a number and a day are written.

    ``low`` and ``high`` are whole texts such as "0: very tired". ``day`` is best short, such as "Jan 2026".
    """

    low: str
    high: str
    number: Callable[[float], str]
    day: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a chart's title and description, unique in the page: the caller knows its page."""

    title: str
    description: str


def _check(value: float | None) -> None:
    if value is not None and not LOWEST <= value <= HIGHEST:
        raise ValueError(
            "a score lies between 0 and 100" if not math.isnan(value) else "a missing score is None, not nan"
        )
