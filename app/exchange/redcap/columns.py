"""REDCap's data dictionary as a table: its 18 columns, how a file becomes rows and rows a file.

A spreadsheet is the usual way to look at one. Texts for people are neutralised as csv_text says and restored when they
are read; logic and calculations stay as they are, since REDCap runs them: they begin with [, ( or a letter.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from app.exchange.csv_text import BYTE_ORDER_MARK, neutralised, restored
from app.exchange.notes import Note, Unreadable

MAX_BYTES: Final = 10_000_000
MAX_ROWS: Final = 20_000
HEADER: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
TEXTS: Final = frozenset({"section", "label", "note", "number", "annotation"})
"""The columns that hold texts for people; the labels of choices are neutralised one by one."""


@dataclass(slots=True)
class Row:
    """One field of a dictionary, column by column."""

    name: str
    form: str
    section: str = ""
    type: str = "text"
    label: str = ""
    choices: str = ""
    note: str = ""
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    identifier: str = ""
    logic: str = ""
    required: str = ""
    alignment: str = ""
    number: str = ""
    matrix: str = ""
    matrix_ranking: str = ""
    annotation: str = ""


COLUMNS: Final = tuple(field.name for field in fields(Row))
API_NAMES: Final = (
    "field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations",
    "field_note", "text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max",
    "identifier", "branching_logic", "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
)  # fmt: skip
"""What REDCap's programming interface calls the same columns."""


def written(rows: Sequence[Row]) -> bytes:
    """The file: UTF-8 with a byte order mark, every cell in quotes."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        cells = {name: getattr(row, name) for name in COLUMNS}
        writer.writerow([neutralised(cell) if name in TEXTS else cell for name, cell in cells.items()])
    return buffer.getvalue().encode()


def read(content: bytes) -> list[Row]:
    """The rows of a file, with commas or semicolons and the names of the columns in either form. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise _stop(f"The file is larger than {MAX_BYTES // 1_000_000} MB; it is not read.")
    try:
        text = content.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except UnicodeDecodeError:
        raise _stop("This is not UTF-8 text. Save the file with the encoding UTF-8.") from None
    except csv.Error as bad:
        raise _stop(f"This cannot be read as CSV ({bad}).") from None
    if not table or len(table) > MAX_ROWS:
        raise _stop(f"A dictionary has a line with the names of its columns and 1 to {MAX_ROWS} fields.")
    return _rows(table)


def _rows(table: list[list[str]]) -> list[Row]:
    places = _places(table[0])
    wrong = [number for number, row in enumerate(table[1:], start=2) if row and len(row) != len(table[0])]
    if wrong:
        raise Unreadable([Note(f"row {number}", f"This row has not {len(table[0])} cells.") for number in wrong[:50]])
    found = []
    for cells in table[1:]:
        if any(cell.strip() for cell in cells):
            values = {name: cells[place] for name, place in places.items()}
            found.append(Row(**{name: restored(one) if name in TEXTS else one.strip() for name, one in values.items()}))
    return found


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands. Raises Unreadable where one that is needed is missing or one is not known."""
    names = {_plain(name): column for pair in (HEADER, API_NAMES) for name, column in zip(pair, COLUMNS, strict=True)}
    unknown = [name for name in header if _plain(name) not in names]
    places = {names[_plain(name)]: place for place, name in enumerate(header) if _plain(name) in names}
    missing = [name for name in ("name", "form", "type", "label") if name not in places]
    if unknown or missing or len(places) != len(header):
        shown = ", ".join(name[:60] or "(empty)" for name in unknown) or "none"
        raise _stop(
            f"This is no data dictionary of REDCap: 18 columns with its names are needed; not known here: {shown}."
        )
    return places


def _plain(name: str) -> str:
    """Upper case, blanks and signs differ between versions of REDCap."""
    return "".join(one for one in name.lower() if one.isalnum())


def _stop(message: str) -> Unreadable:
    return Unreadable([Note("", message)])
