"""The tables of a page as a reader finds them: by caption, row by row, in words."""

from html.parser import HTMLParser
from typing import Any


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._rows.append([])
        if tag in ("caption", "th", "td"):
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self._rows = self.tables.setdefault(self._text(), [])
        if tag in ("th", "td"):
            self._rows[-1].append(self._text())

    def _text(self) -> str:
        text = " ".join("".join(self._words or ()).split())
        self._words = None
        return text


def tables_of(response: Any) -> dict[str, list[list[str]]]:
    """Every table of the page, its header first."""
    parser = _Tables()
    parser.feed(response.text)
    return parser.tables


def table_of(response: Any, caption: str) -> list[list[str]]:
    """The one table with that caption; the captions there are where it is missing."""
    found = tables_of(response)
    assert caption in found, sorted(found)
    return found[caption]
