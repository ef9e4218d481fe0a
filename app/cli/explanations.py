"""What ``--explain`` says beside each score: status, reason, and the thresholds that are crossed."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ScaleId
from app.questionnaires.interpretation import Threshold
from app.questionnaires.rules import Value, holds
from app.scoring.block import STATUS
from app.scoring.interpret import explained
from app.scoring.plan import Plan
from app.scoring.score import Score, ScoreTable
from app.scoring.transforms import COMPARE, Bools, Floats


def headings(instrument: Instrument, plan: Plan) -> list[str]:
    """The columns in order: two for every scale, and a third where it has confirmed thresholds."""
    return [f"{scale}_{name}" for scale in plan.scales for name in _names(instrument, scale)]


def columns(instrument: Instrument, plan: Plan, table: ScoreTable, facts: Floats) -> Iterator[Sequence[str]]:
    """The texts under these headings, one for every row of the table."""
    for place, scale in enumerate(plan.scales):
        yield from _explanations(plan, table, place)
        if thresholds := _confirmed(instrument, scale):
            yield _crossed(thresholds, plan, table.values[:, place], facts)


def _names(instrument: Instrument, scale: ScaleId) -> tuple[str, ...]:
    return ("status", "reason", "thresholds") if _confirmed(instrument, scale) else ("status", "reason")


def _confirmed(instrument: Instrument, scale: ScaleId) -> tuple[Threshold, ...]:
    return tuple(one for one in instrument.scales[scale].thresholds if one.status == "confirmed")


def _explanations(plan: Plan, table: ScoreTable, place: int) -> tuple[list[str], list[str]]:
    """Status and reason of one scale for every row; the few different sentences are made once."""

    @lru_cache
    def reason(status: int, answered: int) -> str:
        of, needed = int(plan.of[place]), int(plan.needed[place])
        value = 0.0 if status == 0 else None
        return explained(Score(plan.scales[place], value, answered, of, needed, why_not=STATUS[status]))

    pairs = list(zip(table.status[:, place].tolist(), table.answered[:, place].tolist(), strict=True))
    return ["computed" if status == 0 else "not computed" for status, _ in pairs], [reason(*pair) for pair in pairs]


def _crossed(thresholds: tuple[Threshold, ...], plan: Plan, values: Floats, facts: Floats) -> list[str]:
    """The keys of the thresholds that each value reaches, as ``interpret.crossed`` says for one person."""
    reached = [COMPARE[one.at](values, one.value) & _concerned(one, plan, facts) for one in thresholds]
    rows = np.array(reached).T.tolist()
    return [" ".join(one.key for one, is_reached in zip(thresholds, row, strict=True) if is_reached) for row in rows]


def _concerned(threshold: Threshold, plan: Plan, facts: Floats) -> Bools:
    """For whom it holds; the few different combinations of facts are looked at once."""
    if threshold.only_if is None:
        return np.ones(len(facts), dtype=np.bool_)
    kinds, which = np.unique(facts, axis=0, return_inverse=True)
    truths = np.array([holds(threshold.only_if, _Known(plan, kind)) for kind in kinds], dtype=np.bool_)
    return truths[which.reshape(-1)]


class _Known:
    """The facts of one row, as conditions ask for them."""

    def __init__(self, plan: Plan, row: Floats) -> None:
        self._plan, self._row = plan, row

    def __call__(self, kind: str, name: str) -> Value:
        number = float(self._row[[str(one) for one in self._plan.facts].index(name)]) if kind == "fact" else np.nan
        if np.isnan(number):
            return None
        words = self._plan.names.words.get(name)
        return number if words is None else next(word for word, place in words.items() if place == number)
