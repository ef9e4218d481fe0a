"""Where texts go so that none covers another; widths are estimated on the wide side, what does not fit is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TEXT = 15.0
"""Height of the letters in units of the drawing; the style sheet must not set ``.chart-label`` larger."""

LINE = 18.0
GAP = 8.0
REGULAR, BOLD = 1.0, 1.14


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two rectangles share some ground."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A text centred at ``x``; ``at`` is its place in the sequence it was made from."""

    at: int
    x: float
    text: str


def width(text: str, weight: float = REGULAR) -> float:
    """About how wide a text is drawn in a wide sans-serif: nobody knows which letters the reader's machine has."""
    return TEXT * weight * sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if letter in " .,:;!'’|()iIjlft":
        return 0.37
    if letter in "mwMW%@":
        return 0.9
    return 0.65 if letter.isupper() or letter.isdigit() else 0.58


def around(x: float, baseline: float, wide: float) -> Box:
    """The ground of a text so wide and centred at ``x``, with a little air on both sides."""
    half = wide / 2 + 2
    return Box(x - half, baseline - 0.8 * TEXT, x + half, baseline + 0.2 * TEXT)


def inside(x: float, wide: float, room: float) -> float:
    """The centre nearest to ``x`` from which a text so wide stays between 0 and ``room``."""
    half = min(wide, room) / 2
    return min(max(x, half), room - half)


def lines(text: str, room: float, weight: float = REGULAR) -> list[str]:
    """The text in lines no wider than ``room``, broken between words only: a word that is wider has its own line."""
    found: list[str] = []
    for word in text.split():
        if found and width(f"{found[-1]} {word}", weight) <= room:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def thin(texts: Sequence[tuple[float, str]], room: float) -> list[Label]:
    """The labels of an axis that fit side by side: the last, the first, then halves of what is still open.

    ``texts`` are (x, text) from left to right.
    """
    placed = [Label(at, inside(x, width(text), room), text) for at, (x, text) in enumerate(texts)]
    first, last = placed[:1], placed[-1:]
    if len(placed) < 2 or not _is_apart(placed[0], placed[-1]):
        return last
    return [*first, *_between(placed[0], placed[-1], placed), *last]


def _between(one: Label, other: Label, placed: Sequence[Label]) -> list[Label]:
    fitting = [label for label in placed[one.at + 1 : other.at] if _is_apart(one, label) and _is_apart(label, other)]
    if not fitting:
        return []
    middle = min(fitting, key=lambda label: abs(label.x - (one.x + other.x) / 2))
    return [*_between(one, middle, placed), middle, *_between(middle, other, placed)]


def spread(wanted: Sequence[tuple[float, float]], lowest: float, highest: float) -> list[float]:
    """Tops for blocks of (wanted top, height), in the same order, moved down or up so that none covers another.

    They stay between ``lowest`` and ``highest`` (the larger number, further down) where there is room for all.
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    tops = [0.0] * len(wanted)
    edge = lowest
    for at in order:
        tops[at] = max(wanted[at][0], edge)
        edge = tops[at] + wanted[at][1]
    edge = highest
    for at in reversed(order):
        tops[at] = min(tops[at], edge - wanted[at][1])
        edge = tops[at]
    return tops


def is_free(box: Box, taken: Iterable[Box]) -> bool:
    """Whether no taken rectangle meets the box."""
    return not any(box.meets(other) for other in taken)


def _is_apart(label: Label, other: Label) -> bool:
    return abs(label.x - other.x) >= (width(label.text) + width(other.text)) / 2 + GAP
