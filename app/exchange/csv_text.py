"""Tables as CSV that R, Python and spreadsheets read alike, and in which no spreadsheet finds a formula.

The text is UTF-8 with a byte order mark: without one, Excel reads accents wrongly; R takes it with
``fileEncoding = "UTF-8-BOM"`` (readr, pandas' "utf-8-sig" and LibreOffice by themselves). Texts stand in quotes,
numbers do not.

A text that a spreadsheet could take for a formula gets an apostrophe before it. So does one that begins with an
apostrophe anyway, which makes this reversible: ``restored`` takes one away. The same is done inside a text behind what
could be a separator, because a spreadsheet that was told the wrong one cuts there. Numbers stay numbers.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO

Cell = str | int | float | bool | date | datetime | None

BYTE_ORDER_MARK = "\ufeff"
ROWS_AT_ONCE = 200

# Behind blanks and quotes too, and in the wide forms that East Asian spreadsheets take for the same.
_BEGINNING = r"""[\s"]*['=+\-@＝＋－＠]"""
_CUT = r"(?<=[;,\t\r\n])"
_DANGER = re.compile(rf"\A(?=[\t\r\n]|{_BEGINNING})|{_CUT}(?={_BEGINNING})")
_GUARD = re.compile(rf"(?:\A|{_CUT})'")


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands between two cells, and between a number and its decimals."""

    separator: str
    decimal: str


LAYOUTS: Mapping[str, Layout] = {
    "comma": Layout(",", "."),
    # A spreadsheet set to French puts a file with commas into one column, and takes 12.5 for the twelfth of May.
    "semicolon": Layout(";", ","),
}


def encoded(rows: Iterable[Sequence[Cell]], layout: Layout) -> Iterator[bytes]:
    """The file, piece by piece, as its rows come in; the header is a row like any other."""
    buffer = StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=layout.separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow([written(cell, layout) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def written(cell: Cell, layout: Layout) -> str | int | float:
    """A cell as it stands in the file: instants (in UTC) and days as ISO 8601, yes and no as 1 and 0."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralised(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and layout.decimal != ".":
        return repr(cell).replace(".", layout.decimal)
    return int(cell) if isinstance(cell, bool) else cell


def neutralised(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    return _DANGER.sub("'", text)


def restored(text: str) -> str:
    """The text as it was before ``neutralised``."""
    return _GUARD.sub("", text)


def _taken(buffer: StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece
