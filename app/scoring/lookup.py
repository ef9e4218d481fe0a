"""Scores that are read off a table: points an answer, raw sums to T scores, grades by combination, lists of cases."""

from collections.abc import Mapping, Sequence

import numpy as np

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


def looked_up(rows: Sequence[Floats], entries: Sequence[tuple[tuple[Cell, ...], float]]) -> Floats:
    """The result of the first entry that shows the same values; ``*`` fits every value; nan where none does."""
    result = np.full_like(rows[0], np.nan)
    for cells, value in reversed(entries):
        fits = np.ones(result.shape, dtype=np.bool_)
        for row, cell in zip(rows, cells, strict=True):
            if cell != "*":
                fits &= row == cell
        result[fits] = value
    return result


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
