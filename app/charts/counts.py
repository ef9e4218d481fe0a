"""Under the axis of a mean course: the visits, and how many people stand behind each mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.charts import labels
from app.charts.axes import MARGIN, Frame, Plot, column
from app.charts.marks import arm_part, mark
from app.charts.model import BandPoint, BandSeries
from app.charts.svg import node


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of the study and its place in the drawing."""

    position: float
    label: str
    x: float


def visits(groups: Sequence[BandSeries], area: Plot) -> list[Visit]:
    """The visits of all groups from left to right, each once."""
    found = dict(sorted((point.position, point.label) for group in groups for point in group.points))
    return [Visit(position, label, area.x(position, min(found), max(found))) for position, label in found.items()]


def shown(groups: Sequence[BandSeries], every: Sequence[Visit], frame: Frame) -> list[Visit]:
    """The visits whose name and numbers have room side by side."""
    widest = {visit.position: visit.label for visit in every}
    for point in (point for group in groups for point in group.points):
        widest[point.position] = max(widest[point.position], _written(point), key=len)
    kept = labels.thin([(visit.x, widest[visit.position]) for visit in every], frame.width)
    return [Visit(every[label.at].position, every[label.at].label, label.x) for label in kept]


def under(
    groups: Sequence[BandSeries], kept: Sequence[Visit], baselines: tuple[float, float], people: str, frame: Frame
) -> tuple[list[Element], float]:
    """The parts and the lower edge of the drawing: visits on the first baseline, numbers below the second one."""
    when, above = baselines
    parts = [node("text", "chart-label chart-when", visit.label, x=visit.x, y=when) for visit in kept]
    heading = labels.lines(people, frame.width - MARGIN)
    parts += column(heading, "chart-label chart-heading", 0, above + labels.LINE + 6)
    baseline = above + labels.LINE * len(heading) + 6
    for arm, group in enumerate(groups, start=1):
        baseline += labels.LINE
        if len(groups) > 1:
            parts.append(arm_part(arm, [mark(arm, 8, baseline - 5)]))
        count = {point.position: _written(point) for point in group.points if point.n is not None}
        parts += [
            node("text", "chart-label chart-count", count[visit.position], x=visit.x, y=baseline)
            for visit in kept
            if visit.position in count
        ]
    return parts, baseline + 6


def _written(point: BandPoint) -> str:
    return "" if point.n is None else str(point.n)
