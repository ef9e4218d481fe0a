"""SVG as a tree and then as text: every text is escaped here, and no style is ever written."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from app.charts.model import Ids

# What XML forbids even when escaped; a stray control character in a name must not break a page.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def node(tag: str, names: str = "", text: str = "", /, **attributes: float | str) -> Element:
    """An element with class names, text and attributes; numbers are written with one decimal."""
    made = Element(tag, {"class": names} if names else {})
    made.text = clean(text) or None
    for name, value in attributes.items():
        made.set(name.replace("_", "-"), clean(value) if isinstance(value, str) else number(value))
    return made


def path(names: str, corners: Iterable[tuple[float, float]], *, is_closed: bool = False) -> Element:
    """A line through the corners, or the area within them."""
    steps = " ".join(f"{number(x)} {number(y)}" for x, y in corners)
    return node("path", names, d=f"M{steps}" + ("Z" if is_closed else ""))


def figure(names: str, size: tuple[float, float], ids: Ids, words: tuple[str, str], parts: Iterable[Element]) -> str:
    """The whole picture as text: an image with a title and a description, as wide as the page lets it be."""
    root = node("svg", names, xmlns="http://www.w3.org/2000/svg", role="img")
    root.set("viewBox", f"0 0 {number(size[0])} {number(size[1])}")
    root.set("aria-labelledby", clean(f"{ids.title} {ids.description}"))
    title, description = words
    root.append(node("title", "", title, id=ids.title))
    root.append(node("desc", "", description, id=ids.description))
    root.extend(parts)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def number(value: float) -> str:
    """A coordinate: one decimal is finer than a screen, and always the same text for the same picture."""
    return f"{round(value, 1) + 0.0:g}"


def clean(text: str) -> str:
    """The text without the characters that XML forbids; escaping is left to the writer of the tree."""
    return _FORBIDDEN.sub("\ufffd", text)
