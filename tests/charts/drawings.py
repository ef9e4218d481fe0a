"""Builders and a reader of drawings for the tests of charts."""

from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree.ElementTree import Element, fromstring

from app.charts.model import Axis, BandPoint, BandSeries, Ids, Point, Series

SVG = "{http://www.w3.org/2000/svg}"
IDS = Ids(title="chart-title", description="chart-description")
AXIS = Axis(low="0: very tired", high="100: full of energy", number=lambda v: f"{v:.0f}", day=lambda d: d.isoformat())
START = date(2026, 1, 1)


def course(values: Sequence[float | None], *, days: int = 30) -> Series:
    """Scores every so many days from the first of January 2026."""
    points = (Point(START + timedelta(days * at), value, f"visit {at}") for at, value in enumerate(values))
    return Series("Energy", tuple(points))


def mean_at(position: float, mean: float | None, *, half: float | None = 10, n: int | None = 20) -> BandPoint:
    """A mean with an interval of 2 * half, or without one."""
    has_interval = mean is not None and half is not None
    low, high = (mean - half, mean + half) if has_interval else (None, None)
    return BandPoint(f"M{position:g}", position, mean, low, high, n)


def group(name: str, *points: BandPoint) -> BandSeries:
    return BandSeries(name, points)


def read(svg: str) -> Element:
    """The drawing as a tree; a parse error is a failed test."""
    return fromstring(svg)  # noqa: S314 (the text is our own)


def having(svg: str, name: str) -> list[Element]:
    """The elements with a class name, in the order they are drawn."""
    return [element for element in read(svg).iter() if name in element.get("class", "").split()]


def texts(svg: str, name: str) -> list[str]:
    return [element.text or "" for element in having(svg, name)]


def numbers(element: Element, *names: str) -> tuple[float, ...]:
    return tuple(float(element.get(name, "nan")) for name in names)
