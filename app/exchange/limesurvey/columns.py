"""LimeSurvey's tab-separated survey as a table: which columns there are, how a file becomes rows and rows a file.

It is made to be edited in a spreadsheet, so texts are neutralised as csv_text says and restored when they are read.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from app.exchange.csv_text import BYTE_ORDER_MARK, neutralised, restored
from app.exchange.notes import Note, Unreadable

MAX_BYTES: Final = 10_000_000
MAX_ROWS: Final = 50_000
MAIN: Final = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
    "mandatory", "encrypted", "other", "default", "same_default", "same_script",
)  # fmt: skip
ATTRIBUTES: Final = (
    "hidden", "equation", "min_num_value_n", "max_num_value_n", "num_value_int_only", "maximum_chars", "date_format",
    "date_min", "date_max", "max_answers", "min_answers", "exclude_all_others", "suffix",
)  # fmt: skip
TEXTS: Final = frozenset({"text", "help", "suffix"})
Row: TypeAlias = dict[str, str]


def written(rows: Sequence[Row]) -> bytes:
    """The file: UTF-8 with a byte order mark, every cell in quotes."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = (*MAIN, *ATTRIBUTES)
    writer.writerow(names)
    for row in rows:
        cells = [(name, row.get(name, "")) for name in names]
        writer.writerow([neutralised(_inert(cell)) if name in TEXTS else cell for name, cell in cells])
    return buffer.getvalue().encode()


def _inert(text: str) -> str:
    """LimeSurvey runs what stands between braces; with a blank behind the first one it does not."""
    return re.sub(r"\{(?=\S)", "{ ", text)


def read(content: bytes) -> list[Row]:
    """The rows of a file; cells that are empty are left out. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise _stop(f"The file is larger than {MAX_BYTES // 1_000_000} MB; it is not read.")
    try:
        text = content.decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except UnicodeDecodeError:
        raise _stop("This is not UTF-8 text. Save the file with the encoding UTF-8.") from None
    except csv.Error as bad:
        raise _stop(f"This cannot be read as a table with tabs ({bad}).") from None
    if not table or len(table) > MAX_ROWS or not {"class", "name", "text"} <= set(table[0]):
        raise _stop("This is no survey of LimeSurvey: the columns class, name and text are needed, with tabs between.")
    if len(set(table[0])) < len(table[0]):
        raise _stop("Each column is there once.")
    found = []
    for number, cells in enumerate(table[1:], start=2):
        if len(cells) > len(table[0]):
            raise _stop(f"Row {number} has more cells than there are columns.")
        pairs = zip(table[0], cells, strict=False)
        found.append({name: restored(one) if name in TEXTS else one.strip() for name, one in pairs if one.strip()})
    return [row for row in found if row]


def _stop(message: str) -> Unreadable:
    return Unreadable([Note("", message)])
