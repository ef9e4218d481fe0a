"""Scores that are read off a table: points an answer, raw sums to T scores, grades by combination, lists of cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.questionnaires.rules import TRUE, UNKNOWN
from app.questionnaires.scales import Branch
from app.questionnaires.tables import Cell, Table
from app.scoring.block import Block
from app.scoring.gates import Names, truths
from app.scoring.transforms import Floats


def points(values: Floats, worth: Mapping[int, float]) -> Floats:
    """What each answer is worth; an answer that is not listed is worth nothing."""
    result = np.zeros_like(values)
    for code, point in worth.items():
        result[values == code] = point
    return result


def converted(sums: Floats, raw: Floats, scores: Floats) -> Floats:
    """The score beside each raw sum; nan for a sum that the table does not have. ``raw`` rises."""
    places = np.minimum(np.searchsorted(raw, sums), len(raw) - 1)
    return np.where(raw[places] == sums, scores[places], np.nan)


def rows_for(table: Table, columns: Sequence[str]) -> list[tuple[tuple[Cell, ...], float]]:
    """The rows that fill just these columns: their cells in this order, and the result."""
    others = [name for name in table.columns if name not in columns and name != "result"]
    cells = {name: table.column(name) for name in (*columns, *others, "result")}
    return [
        (tuple(cells[name][row] for name in columns), float(result))
        for row, result in enumerate(cells["result"])
        if isinstance(result, float) and all(cells[name][row] is None for name in others)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table of combinations with a place for each: ``values`` one dimension a key, nan where the table has none.

    ``codes`` are the values of each key that the table names, in order.
    """

    codes: tuple[Floats, ...]
    values: Floats

    def at(self, rows: Sequence[Floats]) -> Floats:
        """The value of each combination; nan for one that the table does not have."""
        places, is_known = [], np.ones(rows[0].shape, dtype=np.bool_)
        for row, codes in zip(rows, self.codes, strict=True):
            place = np.minimum(np.searchsorted(codes, row), len(codes) - 1)
            is_known &= codes[place] == row
            places.append(place)
        return np.where(is_known, self.values[tuple(places)], np.nan)


def grid(entries: Sequence[tuple[tuple[Cell, ...], float]], possible: Sequence[Sequence[float]]) -> Grid:
    """The grid of a table: the first entry that fits counts, ``*`` fits each of the ``possible`` values of its key."""
    codes = tuple(np.array(sorted(values), dtype=np.float64) for values in possible)
    values = np.full(tuple(map(len, codes)), np.nan)
    for cells, value in reversed(entries):
        values[np.ix_(*(_fitting(known, cell) for known, cell in zip(codes, cells, strict=True)))] = value
    return Grid(codes, values)


def _fitting(codes: Floats, cell: Cell) -> NDArray[np.intp]:
    return np.flatnonzero(np.ones(len(codes)) if cell == "*" else codes == cell)


def decided(cases: Sequence[Branch], otherwise: float | None, names: Names, block: Block) -> Floats:
    """The value of the first case that is true; nan from an unknown one on, and where no case holds at all."""
    result = np.full(block.length, np.nan)
    is_open = np.ones(block.length, dtype=np.bool_)
    for branch in cases:
        truth = truths(branch.when, names, block)
        result[is_open & (truth == TRUE)] = branch.value
        is_open &= (truth != TRUE) & (truth != UNKNOWN)
    if otherwise is not None:
        result[is_open] = otherwise
    return result
