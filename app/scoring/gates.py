"""Conditions over whole columns: the same tree and the same three values as for one person in questionnaires.rules."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.questionnaires.conditions import And, Not, Or, Test
from app.questionnaires.rules import FALSE, TRUE, UNKNOWN, walk
from app.scoring.block import Block
from app.scoring.transforms import COMPARE

Truths = NDArray[np.int8]
AnyCondition = And | Or | Not | Test


@dataclass(frozen=True, slots=True)
class Names:
    """Where the subjects of conditions stand in a block, and by which numbers the words of facts are kept."""

    rows: Mapping[str, int]
    words: Mapping[str, Mapping[str, float]]

    def number(self, name: str, constant: float | str) -> float:
        """A constant as the block holds it; nan, equal to nothing, for a word that the fact does not have."""
        return self.words.get(name, {}).get(constant, np.nan) if isinstance(constant, str) else float(constant)


def truths(condition: AnyCondition, names: Names, block: Block) -> Truths:
    """TRUE, FALSE or UNKNOWN for everybody in a block."""
    return walk(condition, lambda test: _leaf(test, names, block), np.minimum, np.maximum, np.negative)


def _leaf(test: Test, names: Names, block: Block) -> Truths:
    _kind, name = test.subject
    operator, constant = test.operator
    values, there = block.values[names.rows[name]], block.there[names.rows[name]]
    if operator == "answered":
        return np.where(there == constant, TRUE, FALSE).astype(np.int8)
    if operator == "in":
        holds = np.isin(values, [names.number(name, one) for one in constant])
    else:
        holds = COMPARE[operator](values, names.number(name, constant))
    return np.where(there, np.where(holds, TRUE, FALSE), UNKNOWN).astype(np.int8)
