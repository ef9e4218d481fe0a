"""The numbers of a chart as a plain table, for the page to show beside it: the same points, none left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.charts.model import BandSeries, Series


@dataclass(frozen=True, slots=True)
class Table:
    """Texts only, ready for a page: one header and rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How a number and a day are written in the reader's language, and what stands where there is no number."""

    number: Callable[[float], str]
    day: Callable[[date], str]
    missing: str


@dataclass(frozen=True, slots=True)
class BandHeader:
    """The words over the columns of ``band_rows``; ``group`` is used where there are several groups."""

    visit: str
    group: str
    people: str
    mean: str
    low: str
    high: str


def rows(series: Sequence[Series], *, on: str, visit: str, style: Style) -> Table:
    """Days down, one column a series; ``on`` and ``visit`` head the first two columns.

    Points share a row where day and visit are the same. The oldest comes first, as in the chart.
    """
    moments = sorted({(point.on, point.label) for one in series for point in one.points})
    values = [{(point.on, point.label): point.value for point in one.points} for one in series]
    return Table(
        header=(on, visit, *(one.name for one in series)),
        rows=tuple(
            (style.day(moment[0]), moment[1], *(_written(value.get(moment), style) for value in values))
            for moment in moments
        ),
    )


def band_rows(groups: Sequence[BandSeries], header: BandHeader, *, style: Style) -> Table:
    """Visits down, groups within a visit; beside them the number of people, the mean and the ends of its interval."""
    found = sorted(
        ((point, at) for at, group in enumerate(groups) for point in group.points),
        key=lambda pair: (pair[0].position, pair[1]),
    )
    is_several = len(groups) > 1
    group_head = (header.group,) if is_several else ()
    return Table(
        header=(header.visit, *group_head, header.people, header.mean, header.low, header.high),
        rows=tuple(
            (
                point.label,
                *((groups[at].name,) if is_several else ()),
                style.missing if point.n is None else str(point.n),
                *(_written(value, style) for value in (point.mean, point.low, point.high)),
            )
            for point, at in found
        ),
    )


def _written(value: float | None, style: Style) -> str:
    return style.missing if value is None else style.number(value)
