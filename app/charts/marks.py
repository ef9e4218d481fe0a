"""Shapes that tell groups apart without colour; the first group has the first shape, and so on."""

from collections.abc import Callable, Iterable
from functools import partial
from math import cos, pi, sin
from xml.etree.ElementTree import Element

from app.charts.svg import node, path

RADIUS = 5.0

Corners = tuple[tuple[float, float], ...]


def _circle(x: float, y: float) -> Element:
    return node("circle", "chart-point", cx=x, cy=y, r=RADIUS)


def _polygon(corners: Corners, x: float, y: float) -> Element:
    placed = [(x + RADIUS * across, y + RADIUS * down) for across, down in corners]
    return path("chart-point", placed, is_closed=True)


def _regular(corners: int, *, start: float, size: float) -> Corners:
    angles = [(start + at / corners) * 2 * pi for at in range(corners)]
    return tuple((size * cos(angle), size * sin(angle)) for angle in angles)


# As large to the eye as the circle: a triangle or a diamond of its radius would look smaller.
_CROSS: Corners = (
    (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
    (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
)  # fmt: skip

SHAPES: tuple[Callable[[float, float], Element], ...] = (
    _circle,
    partial(_polygon, _regular(4, start=0.125, size=1.28)),  # square
    partial(_polygon, _regular(3, start=0.75, size=1.4)),  # triangle
    partial(_polygon, _regular(4, start=0.0, size=1.4)),  # diamond
    partial(_polygon, _CROSS),
    partial(_polygon, _regular(3, start=0.25, size=1.4)),  # triangle on its head
)


def mark(group: int, x: float, y: float) -> Element:
    """The mark of a group, counted from 1; IndexError beyond the shapes there are."""
    return SHAPES[group - 1](x, y)


def arm_part(group: int, parts: Iterable[Element]) -> Element:
    """Parts of the drawing that belong to a group, counted from 1: the style sheet gives them its colour and dashes."""
    made = node("g", f"chart-arm-{group}")
    made.extend(parts)
    return made
