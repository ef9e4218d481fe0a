"""Banks of made-up items and answers to them, for the tests of item response theory and adaptive testing."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from app.questionnaires.elements import ItemId
from app.scoring.graded import Bank, bank_of
from app.scoring.transforms import Floats

DATA = Path(__file__).parent / "data"


def rows_of(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def forty() -> Bank:
    """The bank of 40 items with five categories in data/irt_bank.csv."""
    rows = rows_of("irt_bank.csv")
    thresholds = [[float(row[f"b{step}"]) for step in range(1, 5)] for row in rows]
    return bank_of([row["item"] for row in rows], [float(row["a"]) for row in rows], thresholds)


def bank(slopes: Sequence[float], thresholds: Sequence[Sequence[float]] | None = None) -> Bank:
    """Items i1, i2 ...; without thresholds each is answered yes or no, and as likely the one as the other at 0."""
    return bank_of([f"i{number}" for number in range(1, len(slopes) + 1)], slopes, thresholds or [[0.0]] * len(slopes))


def named(pattern: Bank, row: Sequence[float]) -> Mapping[ItemId, int]:
    """A row of answers as a person's answers by item; nan is left out."""
    return {item: int(code) for item, code in zip(pattern.items, row, strict=True) if not np.isnan(code)}


def table_of(texts: Sequence[str]) -> Floats:
    """Rows such as "01.4" as a table of answers: a character an item, a dot for a missing one."""
    return np.array([[np.nan if sign == "." else float(sign) for sign in text] for text in texts])


@st.composite
def banks(draw: st.DrawFn, *, fewest: int = 1, items: int = 6, steepest: float = 5.0) -> Bank:
    """``fewest`` to ``items`` items with two to five categories each; some alike, so that ties are met."""
    count = draw(st.integers(fewest, items))
    slopes = draw(st.lists(st.sampled_from([0.3, 1.0, 1.7, steepest]), min_size=count, max_size=count))
    steps = st.sets(st.integers(-12, 12), min_size=1, max_size=4).map(
        lambda found: [step / 4 for step in sorted(found)]
    )
    return bank(slopes, draw(st.lists(steps, min_size=count, max_size=count)))


@st.composite
def answers(draw: st.DrawFn, to: Bank, *, is_complete: bool = False) -> list[float]:
    """One row of answers to a bank, some of them missing."""
    row = [float(draw(st.integers(0, categories - 1))) for categories in to.categories.tolist()]
    gaps = set() if is_complete else {column for column in range(len(row)) if draw(st.integers(0, 3)) == 0}
    return [np.nan if column in gaps else code for column, code in enumerate(row)]
