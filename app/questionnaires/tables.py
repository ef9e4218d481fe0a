"""Tables of numbers that a definition refers to: written in it, or as a CSV file in its folder."""

import csv
import io
from typing import Annotated, Self, TypeAlias

from pydantic import Field, PlainValidator, RootModel, model_validator

from app.questionnaires.elements import LARGEST, constant, plain_text
from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.yaml_source import UNPRINTABLE

MAX_ROWS = 20_000
MAX_CELLS = 200_000


def _written(raw: object) -> float | str | None:
    return None if raw is None else constant(raw)


Cell: TypeAlias = Annotated[float | str | None, PlainValidator(_written)]


class Table(RootModel[Annotated[tuple[tuple[Cell, ...], ...], Field(min_length=2, max_length=MAX_ROWS)]]):
    """A list of rows of equal length, the first one with the names of the columns. An empty cell is None."""

    model_config = {"frozen": True, "strict": True}

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        if any(len(row) != len(self.root[0]) for row in self.root):
            raise ValueError("All rows of a table have as many cells as the first one.")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(str(name) for name in self.root[0])

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows below the names."""
        return self.root[1:]

    def column(self, name: str) -> tuple[Cell, ...]:
        """All cells under a name; ValueError where there is no such column."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


def parse_table(text: bytes, path: str) -> Table:
    """The table in a CSV file (UTF-8, commas, names first). Raises BrokenFile with every mistake."""
    try:
        decoded = text.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(decoded, newline=""), strict=True))
    except UnicodeDecodeError:
        raise BrokenFile(
            [Mistake(path, 1, "", "This is not UTF-8 text. Save the file with the encoding UTF-8.")]
        ) from None
    except csv.Error as bad:
        raise BrokenFile([Mistake(path, 1, "", f"This cannot be read as CSV ({bad}).")]) from None
    if mistakes := list(_mistakes(rows, path)):
        raise BrokenFile(mistakes)
    return Table((tuple(rows[0]), *(tuple(_cell(cell) for cell in row) for row in rows[1:])))


def _stop(path: str, message: str) -> BrokenFile:
    return BrokenFile([Mistake(path, 1, "", message)])


def _mistakes(rows: list[list[str]], path: str) -> list[Mistake]:
    if len(rows) < 2:
        return [Mistake(path, 1, "", "A table has a line with the names of its columns and at least one row.")]
    if len(rows) > MAX_ROWS or len(rows) * len(rows[0]) > MAX_CELLS:
        return [Mistake(path, 1, "", f"A table has at most {MAX_ROWS} rows and {MAX_CELLS} cells.")]
    found = [
        Mistake(path, line, "", f"This row has {len(row)} cells; the names are {len(rows[0])}.")
        for line, row in enumerate(rows, start=1)
        if len(row) != len(rows[0])
    ]
    found += [
        Mistake(path, line, name[:40], said)
        for line, row in enumerate(rows, start=1)
        for name, cell in zip(rows[0], row, strict=False)
        if (said := _strange(cell))
    ]
    twice = sorted({name for name in rows[0] if rows[0].count(name) > 1 or not name.strip()})
    return [*found, *(Mistake(path, 1, "", f"The column “{name}” has no name of its own.") for name in twice)]


def _strange(text: str) -> str | None:
    """What is wrong with one cell; a number that is none, and what a page could mistake for markup."""
    if found := UNPRINTABLE.search(text):
        return f"There is an invisible character (U+{ord(found.group()):04X}) here. Delete it."
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not abs(number) <= LARGEST:
        return f"“{text[:40]}” is not a number up to {LARGEST}."
    try:
        plain_text(text or "empty")
    except ValueError as bad:
        return str(bad) if text.strip() else None
    return None


def _cell(text: str) -> Cell:
    """A number where the text is one that is finite; None where it is empty; else the text."""
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if abs(number) <= LARGEST else text
