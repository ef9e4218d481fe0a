"""The working table of a block of people: one row a quantity (items, facts, scores), one column a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.scoring.transforms import Bools, Counts, Floats

Failure: TypeAlias = Literal[
    "too-few-answers", "parts-missing", "too-few-overall", "not-applicable", "no-value-set", "no-value"
]
STATUS: Final[tuple[str, ...]] = (
    "computed",
    "too-few-answers",
    "parts-missing",
    "too-few-overall",
    "not-applicable",
    "no-value-set",
    "no-value",
)
"""Why there is a value, or why there is none. ``parts-missing``: a score it rests on is missing; ``not-applicable``: a
gate is shut; ``no-value``: a table or a list of cases has none for these answers."""
CODE_OF: Final[Mapping[str, int]] = {status: code for code, status in enumerate(STATUS)}


@dataclass(slots=True, eq=False)
class Block:
    """``values`` hold 0 where ``there`` is false. Scores are added below the items and facts, in the plan's order."""

    values: Floats
    there: Bools
    errors: dict[int, Floats] = field(default_factory=dict)
    status: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    counts: dict[int, Counts] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """How many people."""
        return len(self.values[0])


@dataclass(frozen=True, slots=True)
class Source:
    """One quantity that a scale is made of: its row, turned round or recoded where the definition says so.

    ``mirror``: the sum of both ends, from which the answer is subtracted. ``lookup``: the value of code ``lowest + n``.
    """

    row: int
    mirror: float | None = None
    lookup: tuple[float, ...] = ()
    lowest: float = 0.0

    def read(self, block: Block) -> Floats:
        """Its values, 0 where it is missing; never to be changed by the reader."""
        values, there = block.values[self.row], block.there[self.row]
        if self.mirror is not None:
            return np.where(there, self.mirror - values, 0.0)
        if self.lookup:
            places = np.where(there, values - self.lowest, 0.0).astype(np.intp)
            return np.where(there, np.array(self.lookup)[places], 0.0)
        result: Floats = values
        return result

    def is_there(self, block: Block) -> Bools:
        """Where it is not missing."""
        result: Bools = block.there[self.row]
        return result


Kernel: TypeAlias = Callable[[Block, Counts], Floats]
"""From a block and the number of sources that are there to the scores; nan where there is none for other reasons."""


def read_all(sources: Sequence[Source], block: Block) -> list[Floats]:
    """The values of several sources."""
    return [source.read(block) for source in sources]


def all_there(sources: Sequence[Source], block: Block) -> list[Bools]:
    """Where several sources are there."""
    return [source.is_there(block) for source in sources]
