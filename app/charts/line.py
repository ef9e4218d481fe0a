"""One person's scores over time, as SVG for the inside of a page.

There is no style in the picture: the site's style sheet draws it through these class names, which are a contract.

========================= ====================================================================================
class                     what it is, and what it needs
========================= ====================================================================================
chart                     the svg; full width of its container
chart-compact, chart-wide the size: 360 units wide (phone), 720 units wide (desk, paper); set a max-width for each
chart-grid, chart-axis    lines of 50 and 100; the line of 0: a stroke
chart-tick                a small line under the axis at each date: a stroke
chart-tick-missing        the same where there is no score
chart-label               every text: 15 px high at most (units of the drawing), a fill
chart-number              numbers left of the grid: text-anchor end
chart-end                 words for 0 and 100
chart-when                dates or visits under the axis: text-anchor middle
chart-value               the value at a point: text-anchor middle, bold
chart-line                the course: a stroke and NO fill
chart-point               a mark on the course: a fill
chart-band                the area of an interval: a pale fill and no stroke
chart-interval            the interval of a mean that has no neighbour: a stroke
chart-leader              from the end of a course to its name: a thin stroke
chart-name                the name of a course beside its end
chart-count               numbers of people under the axis: text-anchor middle
chart-heading             what these numbers are
chart-arm-1 ... -6        one group: set a colour, and a stroke-dasharray on its chart-line
========================= ====================================================================================
"""

from app.charts import labels, values
from app.charts.axes import COMPACT, Frame, ground, plot, runs, when
from app.charts.labels import Box
from app.charts.model import Axis, Ids, Series
from app.charts.svg import figure, node, path
from app.charts.values import Dot


def line_chart(series: Series, *, ids: Ids, title: str, description: str, axis: Axis, frame: Frame = COMPACT) -> str:
    """The picture of one course, made for up to 30 points; "" where there is no value to draw.

    An empty string and not an empty grid: a chart without a point tells a person nothing, so the page says in words
    that there is nothing to show yet. A missing value breaks the line and leaves a mark under the axis. Values and
    dates that would cover each other are left out, the newest and the oldest last; the table beside has them all.
    """
    points = sorted(series.points, key=lambda point: point.on)
    if all(point.value is None for point in points):
        return ""
    area = plot(frame, axis)
    first, last = points[0].on.toordinal(), points[-1].on.toordinal()
    placed = [(area.x(point.on.toordinal(), first, last), point) for point in points]
    stretches = [
        [Dot(x, area.y(point.value), axis.number(point.value)) for x, point in stretch if point.value is not None]
        for stretch in runs(placed, lambda pair: pair[1].value is not None)
    ]
    radius = 3.0 if len(points) > values.FEW else 4.5
    parts, bottom = ground(frame, area, axis)
    for x, point in placed:
        names = "chart-tick chart-tick-missing" if point.value is None else "chart-tick"
        parts.append(node("line", names, x1=x, y1=area.bottom, x2=x, y2=area.bottom + 5))
    parts += [path("chart-line", [(dot.x, dot.y) for dot in stretch]) for stretch in stretches if len(stretch) > 1]
    parts += [node("circle", "chart-point", cx=dot.x, cy=dot.y, r=radius) for stretch in stretches for dot in stretch]
    parts += [
        node("text", "chart-label chart-value", label.text, x=label.x, y=label.baseline)
        for label in values.place(stretches, Box(area.left - 6, 0, frame.width, area.bottom))
    ]
    each_once = {axis.day(point.on): x for x, point in placed}
    parts += [
        node("text", "chart-label chart-when", label.text, x=label.x, y=when(area))
        for label in labels.thin([(x, day) for day, x in each_once.items()], frame.width)
    ]
    return figure(f"chart {frame.name}", (frame.width, bottom + 6), ids, (title, description), parts)
