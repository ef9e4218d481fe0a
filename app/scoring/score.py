"""Answers to scores, for one person and for a million rows by the same arithmetic.

No file, no clock, no database: the caller brings the answers and keeps the scores with ``SCORING_VERSION``.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.scoring.block import CODE_OF, STATUS, Block, all_there
from app.scoring.gates import truths
from app.scoring.plan import Operation, Plan
from app.scoring.transforms import Bools, Counts, Floats, counted, rounded

SCORING_VERSION = "1"
"""Stored beside every score. It changes when the same answers would give another score."""

ROWS_AT_ONCE = 4_096
"""Working memory stays in the processor's cache however long the table is; the size has no effect on any score."""

TOO_FEW_OVERALL, NOT_APPLICABLE = CODE_OF["too-few-overall"], CODE_OF["not-applicable"]
Statuses = NDArray[np.uint8]
Facts = Mapping[FactId, float | str]
NO_FACTS: Facts = {}


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores of many rows: ``values`` (rows, scales), nan = not computed; ``answered`` counts each scale's sources.

    ``status`` holds places in block.STATUS; ``errors`` the standard errors, nan where a scale has none.
    """

    scales: tuple[ScaleId, ...]
    values: Floats
    answered: Counts
    status: Statuses
    errors: Mapping[ScaleId, Floats]


@dataclass(frozen=True, slots=True)
class Score:
    """One scale of one person: its value, or None; ``answered`` ``of`` its sources are there, ``needed`` were needed.

    ``low`` and ``high`` bound the value, ``better`` says which end is the good one. ``items`` were used. ``error`` is
    the standard error where the method gives one. ``why_not`` is why there is no value, where there is none.
    """

    scale: ScaleId
    value: float | None
    answered: int
    of: int
    needed: int
    low: float = 0.0
    high: float = 100.0
    better: str = "high"
    items: tuple[ItemId, ...] = ()
    error: float | None = None
    why_not: str = "too-few-answers"
    instrument: str = ""
    scoring_version: str = SCORING_VERSION

    @property
    def reason(self) -> str:
        """Why there is a value ("computed"), or why there is none; one of block.STATUS."""
        return self.why_not if self.value is None else "computed"


def score_table(plan: Plan, answers: ArrayLike, facts: ArrayLike | None = None) -> ScoreTable:
    """Scores of a table of answers (rows, items in the order of ``plan.items``), nan = missing.

    ``facts`` (rows, ``plan.facts``) are numbers, for a fact in words the place of the word; nan = unknown. An answer
    that is no code of its item is treated as missing, as the scoring programs of the EORTC do. ValueError where the
    tables have not one column an item and a fact.
    """
    table = np.asarray(answers)
    known = np.full((len(table), len(plan.facts)), np.nan) if facts is None else np.asarray(facts)
    for given, names in ((table, plan.items), (known, plan.facts)):
        if given.ndim != 2 or given.shape[1] != len(names) or len(given) != len(table):
            raise ValueError(f"expected a table with {len(names)} columns, got the shape {given.shape}")
    shape = (len(table), len(plan.scales))
    values = np.full(shape, np.nan, order="F")
    answered, status = np.zeros(shape, dtype=np.int16, order="F"), np.zeros(shape, dtype=np.uint8, order="F")
    errors: dict[ScaleId, Floats] = {}
    for start in range(0, len(table), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = _scored(plan, table[rows], known[rows])
        for column, scale in enumerate(plan.scales):
            row = plan.names.rows[scale]
            values[rows, column] = np.where(block.there[row], block.values[row], np.nan)
            answered[rows, column], status[rows, column] = block.counts[row], block.status[row]
            if row in block.errors:
                errors.setdefault(scale, np.full(len(table), np.nan))[rows] = block.errors[row]
    return ScoreTable(plan.scales, values, answered, status, errors)


def score_one(
    plan: Plan,
    answers: Mapping[ItemId, int] | Mapping[ItemId, float],
    facts: Facts = NO_FACTS,
) -> tuple[Score, ...]:
    """Scores of one person, in the order of ``plan.scales``; an item or fact that is absent is missing.

    KeyError for an item the instrument does not have: answers of another questionnaire are a bug, not a missing answer.
    """
    block = _one(plan, answers, facts)
    return tuple(_score(plan, block, place) for place in range(len(plan.scales)))


def values_of(plan: Plan, answers: Mapping[ItemId, float], facts: Facts = NO_FACTS) -> dict[str, float]:
    """Every step and scale of one person that can be computed. KeyError as ``score_one``."""
    block = _one(plan, answers, facts)
    rows = {name: plan.names.rows[name] for name in plan.computed}
    return {name: float(block.values[row, 0]) for name, row in rows.items() if block.there[row, 0]}


def strays(plan: Plan, answers: ArrayLike) -> Iterator[tuple[int, int]]:
    """The cells (row, column) of a table of answers that hold something which is no answer to their item.

    A code that the definition lists as no answer ("not applicable") is none of them.
    """
    table = np.asarray(answers)
    for start in range(0, len(table), ROWS_AT_ONCE):
        raw = np.ascontiguousarray(table[start : start + ROWS_AT_ONCE].T, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            is_stray = ~(_codes(plan, raw) | np.isnan(raw))
        for row, codes in plan.silent:
            is_stray[row] &= ~np.isin(raw[row], codes)
        for column, row in zip(*np.nonzero(is_stray), strict=True):
            yield start + int(row), int(column)


def fact_row(plan: Plan, facts: Facts) -> list[float]:
    """The facts of one person as the numbers that ``score_table`` takes; unknown words are unknown facts."""
    return [plan.names.number(name, facts[name]) if name in facts else math.nan for name in plan.facts]


def _one(plan: Plan, answers: Mapping[ItemId, int] | Mapping[ItemId, float], facts: Facts) -> Block:
    if foreign := answers.keys() - set(plan.items):
        raise KeyError(*sorted(foreign))
    row: list[float] = [answers.get(item, np.nan) for item in plan.items]
    return _scored(plan, np.array([row]), np.array([fact_row(plan, facts)]))


def _score(plan: Plan, block: Block, place: int) -> Score:
    scale = plan.scales[place]
    row = plan.names.rows[scale]
    is_there = bool(block.there[row, 0])
    error = float(block.errors[row][0]) if row in block.errors and is_there else math.nan
    used = tuple(item for item in plan.below[place] if block.there[plan.names.rows[item], 0])
    return Score(
        scale=scale,
        value=float(block.values[row, 0]) if is_there else None,
        answered=int(block.counts[row][0]),
        of=int(plan.of[place]),
        needed=int(plan.needed[place]),
        low=plan.ends[place][0],
        high=plan.ends[place][1],
        better=plan.better[place],
        items=used,
        error=None if math.isnan(error) else error,
        why_not=STATUS[block.status[row][0]] if not is_there else STATUS[1],
        instrument=plan.instrument,
    )


def _scored(plan: Plan, answers: NDArray[np.generic], facts: NDArray[np.generic]) -> Block:
    """One block of people with all their scores."""
    given = len(plan.items)
    raw = np.ascontiguousarray(answers.T, dtype=np.float64)
    height = given + len(plan.facts) + len(plan.computed)
    block = Block(np.empty((height, len(answers))), np.empty((height, len(answers)), dtype=np.bool_))
    with np.errstate(all="ignore"):  # what is no number is masked, and what is not computed as well
        block.there[:given] = _codes(plan, raw)
        block.values[:given] = np.where(block.there[:given], raw, 0.0)
        if plan.facts:
            known = np.asarray(facts.T, dtype=np.float64)
            block.there[given : given + len(known)] = ~np.isnan(known)
            block.values[given : given + len(known)] = np.nan_to_num(known)
        for operation in plan.operations:
            _operate(plan, operation, block)
    return block


def _codes(plan: Plan, answers: Floats) -> Bools:
    """Where an answer is a code of its item; nan never is."""
    whole = answers.astype(np.int16)  # codes lie between -999 and 9999; what this cannot hold differs from itself
    is_code: Bools = whole == answers
    is_code &= whole >= plan.lowest
    is_code &= whole <= plan.highest
    for row, codes in plan.gapped:
        is_code[row] &= np.isin(answers[row], codes)
    for row, low, high, is_whole in plan.measured:
        is_code[row] = (answers[row] >= low) & (answers[row] <= high)
        if is_whole:
            is_code[row] &= answers[row] == np.rint(answers[row])
    return is_code


def _operate(plan: Plan, operation: Operation, block: Block) -> None:
    """Compute one scale and add it to the block."""
    row = operation.row
    count = counted(all_there(operation.sources, block), block.length)
    values = operation.kernel(block, count)
    status = np.multiply(count < operation.needed, operation.missing, dtype=np.uint8)
    if operation.is_partial:
        status[(status == 0) & ~np.isfinite(values)] = operation.failure
    if operation.across:
        is_short = counted([block.there[one] for one in operation.across], block.length) < operation.across_needed
        status[(status == 0) & is_short] = TOO_FEW_OVERALL
    if operation.unless is not None:
        status[truths(operation.unless, plan.names, block) > 0] = NOT_APPLICABLE
    if operation.only_if is not None:
        status[truths(operation.only_if, plan.names, block) <= 0] = NOT_APPLICABLE
    if operation.decimals is not None:
        values = rounded(values, operation.decimals)
    is_there = np.equal(status, 0, out=block.there[row])
    block.values[row] = np.where(is_there, values, 0.0)
    block.status[row], block.counts[row] = status, count
    if row in block.errors:
        block.errors[row] = np.where(is_there, block.errors[row], np.nan)
