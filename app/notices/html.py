"""A message as HTML: the same words as its plain text, readable large, on a telephone and in the dark.

No picture, no font and no script is fetched from anywhere, so that opening a message tells nobody anything.
"""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from app.i18n import locale

FRAME: Final = Path(__file__).parent / "letter.html"
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def page(language: str, subject: str, text: str) -> str:
    """The plain text in paragraphs, its addresses made into links."""
    return _frame().format(
        language=escape(language),
        direction=locale(language).text_direction,
        subject=escape(subject),
        paragraphs="\n".join(f"<p>{_linked(one)}</p>" for one in text.strip().split("\n\n")),
    )


def _linked(paragraph: str) -> str:
    pieces, after = [], 0
    for found in _ADDRESS.finditer(paragraph):
        address = escape(found[0])
        pieces += [escape(paragraph[after : found.start()]), f'<a href="{address}">{address}</a>']
        after = found.end()
    return "".join([*pieces, escape(paragraph[after:])]).replace("\n", "<br>\n")


@cache
def _frame() -> str:
    return FRAME.read_text(encoding="utf-8")
