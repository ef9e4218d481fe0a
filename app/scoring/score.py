"""Answers to scores, for one person and for a million rows by the same arithmetic.

No file, no clock, no database: the caller brings the answers and keeps the scores with ``SCORING_VERSION``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.questionnaires.definition import ItemId, ScaleId
from app.scoring.plan import Plan
from app.scoring.transforms import TRANSFORMS, Floats

SCORING_VERSION = "1"
"""Stored beside every score. It changes when the same answers would give another score."""

ROWS_AT_ONCE = 16_384
"""Working memory stays at a few megabytes however long the table is; the size has no effect on any score."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores of many rows: ``values`` (rows, scales), nan = not computed; ``answered`` counts each scale's answers."""

    scales: tuple[ScaleId, ...]
    values: Floats
    answered: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Score:
    """One scale of one person: the value from 0 to 100, or None where fewer than ``needed`` ``of`` its items count."""

    scale: ScaleId
    value: float | None
    answered: int
    of: int
    needed: int

    @property
    def reason(self) -> Literal["computed", "too-few-answers"]:
        """Why there is a value, or why there is none."""
        return "too-few-answers" if self.value is None else "computed"


def score_table(plan: Plan, answers: ArrayLike) -> ScoreTable:
    """Scores of a table of answers (rows, items in the order of ``plan.items``), nan = missing.

    An answer that is no code of its item is treated as missing, as the scoring programs of the EORTC do. ValueError
    where the table has not one column an item.
    """
    table = np.asarray(answers)
    if table.ndim != 2 or table.shape[1] != len(plan.items):
        raise ValueError(f"expected a table with {len(plan.items)} columns, got the shape {table.shape}")
    values = np.full((len(table), len(plan.scales)), np.nan)
    answered = np.zeros(values.shape, dtype=np.int16)
    for start in range(0, len(table), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        _score_block(plan, table[rows].astype(np.float64), values[rows], answered[rows])
    return ScoreTable(plan.scales, values, answered)


def score_one(plan: Plan, answers: Mapping[ItemId, int]) -> tuple[Score, ...]:
    """Scores of one person, in the order of ``plan.scales``; an item that is absent is missing.

    KeyError for an item the instrument does not have: answers of another questionnaire are a bug, not a missing answer.
    """
    if foreign := answers.keys() - set(plan.items):
        raise KeyError(*sorted(foreign))
    table = score_table(plan, [[answers.get(item, np.nan) for item in plan.items]])
    row = zip(
        plan.scales,
        table.values[0].tolist(),
        table.answered[0].tolist(),
        plan.of.tolist(),
        plan.needed.tolist(),
        strict=True,
    )
    return tuple(
        Score(scale, None if math.isnan(value) else value, answered, of, needed)
        for scale, value, answered, of, needed in row
    )


def _score_block(plan: Plan, answers: Floats, values: Floats, answered: NDArray[np.int16]) -> None:
    """Fill one block of the result. Codes are small whole numbers, so the sums are exact in any order of addition."""
    is_code = _codes(plan, answers)
    counts = is_code.astype(np.float64) @ plan.membership
    sums = np.where(is_code, answers, 0.0) @ plan.membership
    is_enough = counts >= plan.needed
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=is_enough)
    answered[:] = counts
    for group in plan.groups:
        values[:, group.columns] = TRANSFORMS[group.method](means[:, group.columns], group.terms)


def _codes(plan: Plan, answers: Floats) -> NDArray[np.bool_]:
    """Where an answer is a code of its item; nan never is."""
    is_code: NDArray[np.bool_] = (answers >= plan.lowest) & (answers <= plan.highest) & (answers == np.rint(answers))
    for column, codes in plan.gapped:
        is_code[:, column] &= np.isin(answers[:, column], codes)
    return is_code
