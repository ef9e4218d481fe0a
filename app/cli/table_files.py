"""Tables of answers in and of scores out, CSV or Parquet by the ending of the name, a batch of rows at a time."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.exchange.csv_text import neutralised
from app.scoring.transforms import Bools, Floats

ROWS_AT_ONCE = 16_384
MISSING = frozenset({"", "NA"})
"""What stands for no answer in a CSV file; R writes NA."""


class BadTable(Exception):
    """A file that cannot be read or written as a table; the text says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a batch: ``texts`` where the file holds texts, else ``numbers`` with nan for nothing.

    ``cells`` gives the numbers as the file has them: whole ones beyond 2**53 are not the same in ``numbers``.
    """

    numbers: Floats | None = None
    texts: Sequence[str] | None = None
    cells: Callable[[], Sequence[float | None]] = tuple

    def as_texts(self) -> Sequence[str]:
        """Every cell as text; nothing is an empty text, and whole numbers have no decimals."""
        return self.texts if self.texts is not None else [_text(cell) for cell in self.cells()]

    def as_numbers(self) -> tuple[Floats, Bools]:
        """Numbers, nan for nothing; and where something stands that is no number."""
        if self.numbers is not None:
            return self.numbers, np.zeros(len(self.numbers), dtype=np.bool_)
        read = [_number(text) for text in self.texts or ()]
        numbers = np.array([np.nan if number is None else number for number in read], dtype=np.float64)
        return numbers, np.array([number is None for number in read], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file. ``lines`` are those of the file (names on line 1), ``done`` is the share of it read.

    ``uneven`` are the rows that could not be read, because they have another number of cells: line and number.
    """

    lines: NDArray[np.int64]
    columns: Sequence[Column]
    done: float
    uneven: Sequence[tuple[int, int]] = ()


class Writer(Protocol):
    """Takes the scores a batch at a time."""

    def write(self, respondents: Sequence[str], columns: Sequence[Floats | Sequence[str]]) -> None:
        """Append rows: numbers with nan for nothing, or texts."""

    def close(self) -> None:
        """No more rows."""


Batches = tuple[tuple[str, ...], Iterator[Batch]]


def opened(path: Path) -> Batches:
    """The names of the columns, and the rows in batches. Raises BadTable."""
    return READERS[_ending(path)](path)


def written(path: Path, names: Sequence[str], are_texts: Sequence[bool]) -> Writer:
    """A new file with the column ``respondent`` and these. Raises BadTable."""
    return WRITERS[_ending(path)](path, names, are_texts)


def _ending(path: Path) -> str:
    if path.suffix.lower() not in READERS:
        raise BadTable(f"{path.name}: the name of a table ends in {' or '.join(READERS)}.")
    return path.suffix.lower()


def _text(cell: float | None) -> str:
    if cell is None or cell != cell:
        return ""
    is_whole = isinstance(cell, int) or (cell.is_integer() and abs(cell) < 2**53)
    return str(int(cell)) if is_whole else str(cell)


def _number(text: str) -> float | None:
    """A plain decimal number; None for anything else that is written."""
    if text in MISSING:
        return np.nan
    if not text.isascii() or "_" in text:  # digits of other scripts, and 1_0, which Python would read as 10
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _read_csv(path: Path) -> Batches:
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            names = next(_safely(csv.reader(source, strict=True), path), None)
    except OSError as bad:
        raise BadTable(f"{path.name} cannot be read ({bad.strerror}).") from None
    if names is None:
        raise BadTable(f"{path.name} is empty; its first line names the columns.")
    return tuple(names), _csv_batches(path, len(names))


def _csv_batches(path: Path, width: int) -> Iterator[Batch]:
    size = max(path.stat().st_size, 1)
    with path.open("rb") as source:
        reader = csv.reader(TextIOWrapper(source, encoding="utf-8-sig", newline=""), strict=True)
        rows = filter(None, _safely(reader, path))
        next(rows)
        lines: list[int] = []
        cells: list[list[str]] = []
        uneven: list[tuple[int, int]] = []
        for row in rows:
            if len(row) != width:
                uneven.append((reader.line_num, len(row)))
            else:
                lines.append(reader.line_num)
                cells.append(row)
            if len(cells) + len(uneven) == ROWS_AT_ONCE:
                yield _csv_batch(lines, cells, uneven, width, source.tell() / size)
                lines, cells, uneven = [], [], []
        if cells or uneven:
            yield _csv_batch(lines, cells, uneven, width, 1.0)


def _csv_batch(
    lines: list[int], cells: list[list[str]], uneven: list[tuple[int, int]], width: int, done: float
) -> Batch:
    columns = tuple(Column(texts=texts) for texts in zip(*cells, strict=True)) or (Column(texts=()),) * width
    return Batch(np.array(lines, dtype=np.int64), columns, min(done, 1.0), uneven)


def _safely(rows: Any, path: Path) -> Iterator[list[str]]:
    try:
        yield from rows
    except (csv.Error, UnicodeDecodeError) as bad:
        raise BadTable(f"{path.name}:{rows.line_num + 1}: this cannot be read as CSV in UTF-8 ({bad}).") from None


def arrow(name: str) -> Any:
    """A part of pyarrow, which only the extra ``tables`` installs. Raises BadTable."""
    try:
        return import_module(name)
    except ImportError:
        raise BadTable("Parquet needs pyarrow: install weshare with its extra “tables”.") from None


def _read_parquet(path: Path) -> Batches:
    parquet = arrow("pyarrow.parquet")
    try:
        source = parquet.ParquetFile(path)
    except (OSError, arrow("pyarrow").ArrowInvalid) as bad:
        raise BadTable(f"{path.name} cannot be read as Parquet ({bad}).") from None
    return tuple(source.schema_arrow.names), _parquet_batches(source)


def _parquet_batches(source: Any) -> Iterator[Batch]:
    total, start = max(source.metadata.num_rows, 1), 0
    for batch in source.iter_batches(batch_size=ROWS_AT_ONCE * 4):
        lines = np.arange(start + 2, start + 2 + batch.num_rows, dtype=np.int64)
        start += batch.num_rows
        yield Batch(lines, tuple(_parquet_column(column) for column in batch.columns), start / total)


def _parquet_column(column: Any) -> Column:
    types = arrow("pyarrow").types
    is_number = types.is_integer(column.type) or types.is_floating(column.type) or types.is_null(column.type)
    if is_number or types.is_boolean(column.type):
        numbers = column.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
        return Column(numbers=numbers, cells=column.to_pylist)
    if column.null_count == 0 and (types.is_string(column.type) or types.is_large_string(column.type)):
        return Column(texts=column.to_numpy(zero_copy_only=False).tolist())  # several times faster than to_pylist
    return Column(texts=["" if cell is None else str(cell) for cell in column.to_pylist()])


class _CsvWriter:
    def __init__(self, path: Path, names: Sequence[str], _are_texts: Sequence[bool]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(["respondent", *names])

    def write(self, respondents: Sequence[str], columns: Sequence[Floats | Sequence[str]]) -> None:
        cells = [_cells(column) for column in columns]
        self._rows.writerows(zip(map(neutralised, respondents), *cells, strict=True))

    def close(self) -> None:
        self._file.close()


def _cells(column: Floats | Sequence[str]) -> Sequence[object]:
    """As Python writes them: the shortest digits that give the number back, whole numbers without decimals."""
    if not isinstance(column, np.ndarray):
        return column
    return ["" if number != number else int(number) if number.is_integer() else number for number in column.tolist()]


class _ParquetWriter:
    def __init__(self, path: Path, names: Sequence[str], are_texts: Sequence[bool]) -> None:
        self._arrow = arrow("pyarrow")
        kinds = [self._arrow.string() if is_text else self._arrow.float64() for is_text in are_texts]
        self._schema = self._arrow.schema([("respondent", self._arrow.string()), *zip(names, kinds, strict=True)])
        self._writer = arrow("pyarrow.parquet").ParquetWriter(path, self._schema)

    def write(self, respondents: Sequence[str], columns: Sequence[Floats | Sequence[str]]) -> None:
        arrays = [self._arrow.array(respondents, self._arrow.string()), *map(self._array, columns)]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))

    def _array(self, column: Floats | Sequence[str]) -> Any:
        if isinstance(column, np.ndarray):
            return self._arrow.array(column, mask=np.isnan(column))
        return self._arrow.array(column, self._arrow.string())

    def close(self) -> None:
        self._writer.close()


READERS: Mapping[str, Callable[[Path], Batches]] = {".csv": _read_csv, ".parquet": _read_parquet}
WRITERS: Mapping[str, Callable[[Path, Sequence[str], Sequence[bool]], Writer]] = {
    ".csv": _CsvWriter,
    ".parquet": _ParquetWriter,
}
