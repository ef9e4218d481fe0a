"""From the answers to a bank of items to a level of the trait: the mean of what is still likely, given the answers.

Theta has mean 0 and standard deviation 1 in the population the bank was calibrated in. EAP stands for expected a
posteriori. Source: Bock and Mislevy, Applied Psychological Measurement 1982;6:431-444.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.scoring.graded import MISSING, Bank, categories_of, log_probabilities
from app.scoring.transforms import Floats

ROWS_AT_ONCE = 2048
"""Rows worked on together, few enough to stay in the processor's cache; the size has no effect on any value."""

Numbers = TypeVar("Numbers", float, Floats)


class Status(IntEnum):
    """Why a row has a theta, or why it has none."""

    ESTIMATED = 0
    NO_ANSWERS = 1
    ALL_LOWEST = 2
    """Every answer is the lowest of its item: the most likely theta lies below every number."""
    ALL_HIGHEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class Thetas:
    """One entry a row: ``theta`` and its standard ``error`` (nan unless ESTIMATED), ``answered`` items, ``status``."""

    theta: Floats
    error: Floats
    answered: NDArray[np.int16]
    status: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Quadrature:
    """The points at which theta is weighed, evenly spaced, and the normal prior that weighs them.

    Programs that take other points differ in the second decimal of theta at the ends, so these belong to the score. As
    they stand they give back the published raw-to-T tables of PROMIS. A standard error below half the space between
    two points (0.05) is beyond their reach: take more points for a bank of hundreds of answers.
    """

    points: int = 91
    lowest: float = -4.5
    highest: float = 4.5
    mean: float = 0.0
    deviation: float = 1.0

    def __post_init__(self) -> None:
        if self.points < 2 or not self.lowest < self.highest or not self.deviation > 0:
            raise ValueError(f"{self}: two points at least, the lowest first, and a deviation above 0")

    @property
    def nodes(self) -> Floats:
        """The points, ascending."""
        return np.linspace(self.lowest, self.highest, self.points)

    @property
    def log_weights(self) -> Floats:
        """The logarithm of the prior at the points, up to a constant."""
        result: Floats = -0.5 * ((self.nodes - self.mean) / self.deviation) ** 2
        return result


STANDARD = Quadrature()


def eap(bank: Bank, answers: ArrayLike, quadrature: Quadrature = STANDARD) -> Thetas:
    """Mean and standard deviation of the posterior of each row of answers (rows, items of the bank), nan = missing.

    Answers are categories from 0; another number counts as missing. A row without answers has no theta (NO_ANSWERS):
    the prior alone is no measurement. ValueError where the table has not one column an item.
    """
    table = np.asarray(answers)
    theta, error = np.full(len(table), np.nan), np.full(len(table), np.nan)
    answered = np.zeros(len(table), dtype=np.int16)
    for start in range(0, len(table), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        categories = categories_of(bank, table[rows])
        answered[rows] = (categories != MISSING).sum(axis=1)
        theta[rows], error[rows] = moments(log_posterior(bank, categories, quadrature), quadrature)
    is_empty = answered == 0
    theta[is_empty] = error[is_empty] = np.nan
    status = np.where(is_empty, np.int8(Status.NO_ANSWERS), np.int8(Status.ESTIMATED))
    return Thetas(theta, error, answered, status)


def log_posterior(bank: Bank, categories: NDArray[np.intp], quadrature: Quadrature = STANDARD) -> Floats:
    """The logarithm, up to a constant a row, of prior times likelihood: (rows, points).

    Items are added one after another, never by a matrix product: its order of addition depends on the number of rows,
    and one person alone must get the very number that she gets in a table.
    """
    result = np.tile(quadrature.log_weights, (len(categories), 1))
    asked = np.flatnonzero((categories != MISSING).any(axis=0))
    curves = log_probabilities(bank.only(asked), quadrature.nodes)
    for place, column in enumerate(asked.tolist()):
        by_category = np.vstack([curves[:, place].T, np.zeros(quadrature.points)])
        result += by_category[categories[:, column]]  # MISSING (-1) takes the last row, which adds nothing
    return result


def moments(log_density: Floats, quadrature: Quadrature = STANDARD) -> tuple[Floats, Floats]:
    """Mean and standard deviation of densities (rows, points) given as logarithms up to a constant a row."""
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    density /= density.sum(axis=1, keepdims=True)
    nodes = quadrature.nodes
    mean = (density * nodes).sum(axis=1)
    variance = (density * (nodes - mean[:, None]) ** 2).sum(axis=1)
    return mean, np.sqrt(variance)


def as_t(theta: Numbers) -> Numbers:
    """The T score of a theta: mean 50, standard deviation 10 in the population the bank was calibrated in."""
    return 50.0 + 10.0 * theta


def as_t_error(error: Numbers) -> Numbers:
    """The standard error of theta in points of T."""
    return 10.0 * error
