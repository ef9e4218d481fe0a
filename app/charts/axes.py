"""The ground every chart stands on: its frame, the lines of 0, 50 and 100, and the words for both ends."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from xml.etree.ElementTree import Element

from app.charts import labels
from app.charts.model import HIGHEST, LOWEST, Axis
from app.charts.svg import node

T = TypeVar("T")

GUTTER = 38.0
"""Left of the plot: room for the numbers of the scale."""

INSET = 14.0
"""Between the plot's edges and its first and last mark, so that no mark is cut."""

ABOVE = 30.0
"""Between the words for 100 and its line: room for the value of a point at the very top."""


MARGIN = 10.0
"""Right of long lines of text: their width is an estimate."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of chart in units of the drawing: its class name, its whole width and the height of its plot."""

    name: str
    width: float
    height: float


COMPACT = Frame("chart-compact", 360, 132)
"""For a phone, and for small charts side by side."""

WIDE = Frame("chart-wide", 720, 230)
"""For a page of its own on a desk, and for paper."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where scores and times lie in the drawing."""

    left: float
    right: float
    top: float
    bottom: float

    def y(self, score: float) -> float:
        """The height of a score; what lies beyond 0 or 100 lies on the edge."""
        share = (min(max(score, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
        return self.bottom - share * (self.bottom - self.top)

    def x(self, moment: float, first: float, last: float) -> float:
        """The place of a moment between the first and the last one; the middle where there is only one."""
        share = (moment - first) / (last - first) if last > first else 0.5
        return self.left + INSET + share * (self.right - self.left - 2 * INSET)


def plot(frame: Frame, axis: Axis, *, beside: float = 0.0, least: float = 0.0) -> Plot:
    """The plot of a frame: below the words for 100, with room ``beside`` it on the right, at ``least`` so high."""
    top = labels.LINE * len(labels.lines(axis.high, frame.width - MARGIN)) + ABOVE
    return Plot(GUTTER, frame.width - beside, top, top + max(frame.height, least))


def ground(frame: Frame, area: Plot, axis: Axis) -> tuple[list[Element], float]:
    """The grid with its numbers and the words for both ends, and the lowest baseline of these words.

    Between the line of 0 and the words for 0 one line of text is left free, at ``when``.
    """
    parts = []
    for score in (LOWEST, (LOWEST + HIGHEST) / 2, HIGHEST):
        y = area.y(score)
        names = "chart-axis" if score == LOWEST else "chart-grid"
        parts.append(node("line", names, x1=area.left, y1=y, x2=area.right, y2=y))
        parts.append(node("text", "chart-label chart-number", axis.number(score), x=GUTTER - 8, y=y + 5))
    below = when(area) + labels.LINE + 4
    high, low = (labels.lines(text, frame.width - MARGIN) for text in (axis.high, axis.low))
    parts += column(high, "chart-label chart-end", 0, labels.TEXT)
    parts += column(low, "chart-label chart-end", 0, below)
    return parts, below + labels.LINE * (len(low) - 1)


def when(area: Plot) -> float:
    """The baseline of dates and visits, right under the line of 0."""
    return area.bottom + labels.LINE + 4


def column(texts: Iterable[str], names: str, x: float, baseline: float) -> Iterator[Element]:
    """Lines of text, one below the other."""
    for at, text in enumerate(texts):
        yield node("text", names, text, x=x, y=baseline + at * labels.LINE)


def runs(things: Iterable[T], is_there: Callable[[T], bool]) -> list[list[T]]:
    """The unbroken stretches of things that are there: a line is never drawn across a gap."""
    return [list(stretch) for found, stretch in groupby(things, key=is_there) if found]
