"""Scores from the pattern of answers: a scale of the method ``irt`` handed to the estimators of irt.py."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from app.questionnaires.scales import Irt
from app.questionnaires.tables import Table
from app.scoring.graded import Bank, bank_of
from app.scoring.irt import Quadrature, Thetas, as_t, as_t_error, eap
from app.scoring.maximum_likelihood import ml
from app.scoring.transforms import Floats

Estimate: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]


def estimated(scale: Irt, table: Table, lowest: Sequence[float]) -> Estimate:
    """From answers (rows, items of the scale; nan = missing) to scores and standard errors in the scale's metric.

    ``lowest`` is the code of each item's lowest category.
    """
    bank = bank_of_scale(scale, table)
    quadrature = Quadrature(scale.nodes, scale.low, scale.high, scale.prior_mean, scale.prior_sd)

    def estimate(answers: Floats) -> tuple[Floats, Floats]:
        thetas = ESTIMATORS[scale.estimator](bank, answers - np.array(lowest), quadrature)
        if scale.metric == "theta":
            return thetas.theta, thetas.error
        return as_t(thetas.theta), as_t_error(thetas.error)

    return estimate


def bank_of_scale(scale: Irt, table: Table) -> Bank:
    """The parameters of the scale's items, in its order."""
    places = {str(item): place for place, item in enumerate(table.column("item"))}
    steps = [name for name in table.columns if name[:1] == "b" and name[1:].isdigit()]
    rows = [places[item] for item in scale.items]
    slopes = [_number(table.column("a")[row]) for row in rows]
    thresholds = [[_number(cell) for name in steps if (cell := table.column(name)[row]) is not None] for row in rows]
    return bank_of(scale.items, slopes, thresholds)


def _number(cell: float | str | None) -> float:
    if not isinstance(cell, float):
        raise ValueError(f"a bank holds numbers, not {cell!r}")
    return cell


ESTIMATORS: Mapping[str, Callable[[Bank, Floats, Quadrature], Thetas]] = {
    "eap": eap,
    "ml": lambda bank, answers, _quadrature: ml(bank, answers),
}
