"""The mean course of one or more groups with its confidence interval, as SVG; class names are listed in line.py."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.charts import counts, labels
from app.charts.axes import WIDE, Frame, Plot, column, ground, plot, runs, when
from app.charts.marks import SHAPES, arm_part, mark
from app.charts.model import Axis, BandSeries, Ids
from app.charts.svg import figure, number, path

NAME_SHARE, WORD_SHARE = 0.28, 0.4
"""Of the whole width, at most: room for the names beside the ends of the courses, more where one word needs it."""

MARK_ROOM = 24.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One mean in the drawing: its place, and the ends of its interval where there is one."""

    x: float
    y: float
    low: float | None
    high: float | None


def band_chart(
    groups: Sequence[BandSeries],
    *,
    ids: Ids,
    title: str,
    description: str,
    axis: Axis,
    people: str,
    frame: Frame = WIDE,
) -> str:
    """The picture of mean courses; "" where no group has a mean. ``people`` heads the numbers under the axis.

    Groups differ in the shape of their marks, in the dashes of their lines and in the name at the end of the line, and
    only then in colour. An interval is drawn within 0 and 100. ValueError for more groups than there are shapes: nobody
    could tell them apart. Hiding small groups is the caller's duty: what is given here is drawn.
    """
    if len(groups) > len(SHAPES):
        raise ValueError(f"at most {len(SHAPES)} groups fit into one chart, got {len(groups)}")
    if all(point.mean is None for group in groups for point in group.points):
        return ""
    room = _room_for_names(groups, frame)
    names = [labels.lines(group.name, room, labels.BOLD) for group in groups]
    high = sum(_height(name) for name in names)
    area = plot(frame, axis, beside=room + MARK_ROOM if room else 0.0, least=high)
    visits = counts.visits(groups, area)
    courses = [_stretches(group, area, {visit.position: visit.x for visit in visits}) for group in groups]
    parts, below = ground(frame, area, axis)
    parts += [arm_part(arm, _intervals(course)) for arm, course in enumerate(courses, start=1)]
    parts += [arm_part(arm, _line(arm, course)) for arm, course in enumerate(courses, start=1)]
    if len(groups) > 1:
        parts += _names(names, courses, area, room)
    under, bottom = counts.under(groups, counts.shown(groups, visits, frame), (when(area), below), people, frame)
    return figure(f"chart {frame.name}", (frame.width, bottom), ids, (title, description), [*parts, *under])


def _stretches(group: BandSeries, area: Plot, places: Mapping[float, float]) -> list[list[Stop]]:
    points = sorted(group.points, key=lambda point: point.position)
    return [
        [
            Stop(
                places[point.position],
                area.y(point.mean),
                None if point.low is None else area.y(point.low),
                None if point.high is None else area.y(point.high),
            )
            for point in stretch
            if point.mean is not None
        ]
        for stretch in runs(points, lambda point: point.mean is not None)
    ]


def _intervals(course: list[list[Stop]]) -> Iterator[Element]:
    """An area where neighbours both have an interval, an upright line where one stands alone."""
    for stretch in course:
        for run in runs(stretch, lambda stop: stop.low is not None and stop.high is not None):
            upper = [(stop.x, stop.high) for stop in run if stop.high is not None]
            lower = [(stop.x, stop.low) for stop in run if stop.low is not None]
            if len(run) > 1:
                yield path("chart-band", [*upper, *reversed(lower)], is_closed=True)
            else:
                yield path("chart-interval", [*upper, *lower])


def _line(arm: int, course: list[list[Stop]]) -> Iterator[Element]:
    for stretch in course:
        if len(stretch) > 1:
            yield path("chart-line", [(stop.x, stop.y) for stop in stretch])
    for stretch in course:
        for stop in stretch:
            yield mark(arm, stop.x, stop.y)


def _room_for_names(groups: Sequence[BandSeries], frame: Frame) -> float:
    if len(groups) < 2:
        return 0.0
    name = max(labels.width(group.name, labels.BOLD) for group in groups)
    word = max((labels.width(word, labels.BOLD) for group in groups for word in group.name.split()), default=0.0)
    return max(min(name, NAME_SHARE * frame.width), min(word, WORD_SHARE * frame.width))


def _squeezed(line: Element, room: float) -> Element:
    """A word wider than the room is drawn narrower rather than cut off."""
    if labels.width(line.text or "", labels.BOLD) > room:
        line.set("textLength", number(room))
        line.set("lengthAdjust", "spacingAndGlyphs")
    return line


def _height(name: Sequence[str]) -> float:
    return labels.LINE * len(name) + 4


def _names(names: list[list[str]], courses: list[list[list[Stop]]], area: Plot, room: float) -> Iterator[Element]:
    """Each name with its mark beside the end of its course, moved apart where courses end close together."""
    ends = [(arm, course[-1][-1]) for arm, course in enumerate(courses, start=1) if course]
    wanted = [(end.y - labels.LINE / 2, _height(names[arm - 1])) for arm, end in ends]
    for (arm, end), top in zip(ends, labels.spread(wanted, area.top - labels.LINE, area.bottom), strict=True):
        y = top + labels.LINE / 2
        leader = path("chart-leader", [(end.x, end.y), (area.right + 8, y)])
        words = column(names[arm - 1], "chart-label chart-name", area.right + MARK_ROOM - 6, y + 5)
        squeezed = [_squeezed(word, room) for word in words]
        yield arm_part(arm, [leader, mark(arm, area.right + 8, y), *squeezed])
