"""How an author's plain text is read: paragraphs and simple lists. There is no markup, so nothing has to be cleaned."""

import re
from dataclasses import dataclass
from itertools import groupby

_DASH = re.compile(r"\s*[-–•]\s+(?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its entries."""

    is_list: bool
    lines: tuple[str, ...]


def clean(text: str) -> str:
    """The text with line feeds only and without characters that nobody can read (PostgreSQL refuses a NUL)."""
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def blocks(text: str) -> tuple[Block, ...]:
    """The text as it is shown: an empty line ends a paragraph, a line that starts with a dash is an entry of a list."""
    found = []
    for kind, run in groupby(text.splitlines(), key=_kind):
        if kind != "empty":
            is_list = kind == "entry"
            found.append(
                Block(is_list, tuple(_DASH.sub("", line, count=1) if is_list else line.strip() for line in run))
            )
    return tuple(found)


def _kind(line: str) -> str:
    if not line.strip():
        return "empty"
    return "entry" if _DASH.match(line) else "line"
