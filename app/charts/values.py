"""Where the value of each point is written: beside its point, on no other point and, where it can be, on no line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot

from app.charts import labels
from app.charts.labels import Box

FEW = 12
"""Up to so many points every value is written where there is room; with more only the most telling, or it is noise."""

MARK = 6.0
STEP = 4.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the drawing and its value in words."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A value with its place: centred at ``x`` on its baseline."""

    x: float
    baseline: float
    text: str


def place(stretches: Sequence[Sequence[Dot]], within: Box) -> list[Written]:
    """Places within a part of the drawing, for the most telling values first; some may have none."""
    dots = [dot for stretch in stretches for dot in stretch]
    marks = [Box(dot.x - MARK, dot.y - MARK, dot.x + MARK, dot.y + MARK) for dot in dots]
    course = [box for stretch in stretches for one, next_one in pairwise(stretch) for box in _along(one, next_one)]
    written: list[Written] = []
    taken = list(marks)
    for dot in _most_telling(dots):
        for ground in ([*taken, *course], taken):
            if found := _first_free(dot, ground, within):
                written.append(found)
                taken.append(_ground(found))
                break
    return written


def _most_telling(dots: Sequence[Dot]) -> list[Dot]:
    """The newest, the oldest, the highest and the lowest, then, where they are few, the others from new to old."""
    newest_first = dots[::-1]
    highest, lowest = min(newest_first, key=lambda dot: dot.y), max(newest_first, key=lambda dot: dot.y)
    ends = [dots[-1], dots[0], highest, lowest]
    return list(dict.fromkeys([*ends, *newest_first] if len(dots) <= FEW else ends))


def _first_free(dot: Dot, taken: Iterable[Box], within: Box) -> Written | None:
    obstacles = list(taken)
    for written in _beside(dot, within.right):
        box = _ground(written)
        if box.left >= within.left and box.bottom <= within.bottom and labels.is_free(box, obstacles):
            return written
    return None


def _beside(dot: Dot, room: float) -> Iterator[Written]:
    """Above and below the point, straight and then slanted."""
    wide = labels.width(dot.text, labels.BOLD)
    for shift in (0.0, -wide / 2 - 2, wide / 2 + 2):
        for baseline in (dot.y - MARK - 4, dot.y + MARK + labels.TEXT):
            yield Written(labels.inside(dot.x + shift, wide, room), baseline, dot.text)


def _ground(written: Written) -> Box:
    return labels.around(written.x, written.baseline, labels.width(written.text, labels.BOLD))


def _along(one: Dot, other: Dot) -> Iterator[Box]:
    """Small boxes along a line, from beyond the one point's mark to before the other's."""
    length = hypot(other.x - one.x, other.y - one.y)
    for at in range(1, max(1, ceil(length / STEP))):
        share = at * STEP / length
        x, y = one.x + share * (other.x - one.x), one.y + share * (other.y - one.y)
        yield Box(x - 1, y - 1, x + 1, y + 1)
