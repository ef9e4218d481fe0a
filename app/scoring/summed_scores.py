"""From the sum of the answers to theta: the table that a short form publishes, computed from its items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.scoring.graded import Bank, log_probabilities
from app.scoring.irt import STANDARD, Quadrature, moments
from app.scoring.transforms import Floats


@dataclass(frozen=True, slots=True, eq=False)
class SummedScores:
    """One entry a possible sum, ascending: ``raw`` sum, ``theta`` expected from it and its standard ``error``."""

    raw: NDArray[np.intp]
    theta: Floats
    error: Floats


def summed_scores(bank: Bank, quadrature: Quadrature = STANDARD, *, lowest_code: int = 0) -> SummedScores:
    """The mean and standard deviation of theta for each sum of the answers to *all* items of the bank.

    ``lowest_code`` is the code of the lowest category in print, often 1, so that the sums are those in print. Owners
    publish ``as_t(theta)`` rounded to one decimal. A form with a missing answer is scored by ``irt.eap`` instead.

    Source: the recursion of Lord and Wingersky, Applied Psychological Measurement 1984;8:453-461; for graded items
    Thissen, Pommerich, Billeaud and Williams, Applied Psychological Measurement 1995;19:39-49.
    """
    curves = log_probabilities(bank, quadrature.nodes)
    likelihood = np.zeros((1, quadrature.points))
    for column, categories in enumerate(bank.categories.tolist()):
        longer = np.full((len(likelihood) + categories - 1, quadrature.points), -np.inf)
        for category in range(categories):
            reached = longer[category : category + len(likelihood)]
            np.logaddexp(reached, likelihood + curves[:, column, category], out=reached)
        likelihood = longer
    theta, error = moments(likelihood + quadrature.log_weights, quadrature)
    return SummedScores(np.arange(len(theta)) + lowest_code * len(bank.items), theta, error)
