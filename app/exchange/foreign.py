"""Names and texts of other programs made into ours: identifiers, codes of instruments, plain text without markup."""

import re
from collections.abc import Container
from html.parser import HTMLParser
from typing import Final

from app.questionnaires.elements import CODE, KEY, VERSION, plain_text

MOST: Final = 4000
_UNPRINTABLE: Final = re.compile("[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKING: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT: Final = frozenset({"script", "style"})


def key(raw: str, taken: Container[str] = (), longest: int = 40) -> str:
    """A name made of letters, digits and _ that begins with a letter and is not taken yet."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", raw).strip("_")[:longest] or "x"
    if not re.fullmatch(KEY, name):
        name = f"q_{name}"[:longest]
    if name not in taken:
        return name
    number = 2
    while (numbered := f"{name[: longest - len(str(number)) - 1]}_{number}") in taken:
        number += 1
    return numbered


def code(raw: str) -> str:
    """The code of an instrument: small letters, digits and hyphens."""
    found = re.sub(r"[^a-z0-9]+", "-", raw.lower()).strip("-")[:60].strip("-")
    return found if re.fullmatch(CODE, found) else "imported"


def version(raw: str | None) -> str:
    """Numbers with points between them; "1.0" where there are none."""
    found = re.search(r"[0-9]+(\.[0-9]+)*", raw or "")
    short = found.group()[:20].rstrip(".") if found else "1.0"
    return short if re.fullmatch(VERSION, short) else "1.0"


class _Stripper(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the base class's
        self.silent += tag in _SILENT
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def text(raw: str) -> tuple[str, bool]:
    """The plain text of a label, and whether something was taken out of it: markup, invisible signs, its end.

    An empty text where nothing is left.
    """
    visible = _UNPRINTABLE.sub(" ", raw.replace("\r\n", "\n").replace("\t", " "))
    is_changed = visible != raw.replace("\r\n", "\n").replace("\t", " ")
    for _time in range(3):
        if not visible.strip():
            return "", is_changed
        if _is_plain(visible):
            break
        is_changed, visible = True, _without_markup(visible)
    else:
        visible = re.sub(r"[<&{]", " ", visible)
    short = re.sub(r"[ \xa0]*\n\s*", "\n", visible).strip()
    return short[:MOST].strip(), is_changed or len(short) > MOST


def _is_plain(visible: str) -> bool:
    try:
        plain_text(visible)
    except ValueError:
        return False
    return True


def _without_markup(visible: str) -> str:
    stripper = _Stripper()
    stripper.feed(visible)
    stripper.close()
    return "".join(stripper.parts).replace("{{", "{ {").replace("{%", "{ %")
