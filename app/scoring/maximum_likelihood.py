"""From the answers to a bank of items to the theta that makes them most likely: no prior, so no pull to the mean."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.scoring.graded import MISSING, Bank, categories_of, logistic
from app.scoring.irt import ROWS_AT_ONCE, Status, Thetas
from app.scoring.transforms import Floats

PRECISION = 1e-10
"""A step this small ends the search. The next one would be about its square."""

STEPS = 500
"""More than halving needs from the widest bracket there is; the search takes about five."""


class Likelihood:
    """The log-likelihood of rows of categories as a function of theta: its slope and its curvature, one a row.

    An answer k gives the slope a (P(X < k) - P(X > k)), which falls as theta rises. So the likelihood has one summit,
    at a finite theta unless all answers are the lowest or all are the highest.
    """

    def __init__(self, bank: Bank, categories: NDArray[np.intp]) -> None:
        """MISSING becomes an answer without bounds, which is certain at every theta and weighs nothing."""
        items = np.arange(len(bank.items))
        closed = np.full((len(bank.items), 1), np.inf)
        self._slopes = bank.slopes
        self._lower = np.hstack([-closed, bank.thresholds, -closed])[items, categories]
        self._upper = np.hstack([bank.thresholds, closed, closed])[items, categories]

    def at(self, rows: NDArray[np.intp], theta: Floats) -> tuple[Floats, Floats]:
        """Slope and observed information (minus the second derivative) at theta, one of each for each of ``rows``."""
        lower = self._slopes * (theta[:, None] - self._lower[rows])
        upper = self._slopes * (theta[:, None] - self._upper[rows])
        slope = (self._slopes * (logistic(-lower) - logistic(upper))).sum(axis=1)
        information = (self._slopes**2 * (_bend(lower) + _bend(upper))).sum(axis=1)
        return slope, information


def ml(bank: Bank, answers: ArrayLike) -> Thetas:
    """The most likely theta of each row of answers (rows, items of the bank), nan = missing.

    The error is 1 / sqrt(observed information). Answers are categories from 0; another number counts as missing. Rows
    whose answers are all the lowest or all the highest have no finite theta: nan, and the status says which.
    ValueError where the table has not one column an item.
    """
    table = np.asarray(answers)
    theta, error = np.full(len(table), np.nan), np.full(len(table), np.nan)
    answered, status = np.zeros(len(table), dtype=np.int16), np.zeros(len(table), dtype=np.int8)
    for start in range(0, len(table), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        categories = categories_of(bank, table[rows])
        answered[rows] = (categories != MISSING).sum(axis=1)
        status[rows] = _statuses(bank, categories)
        found = np.flatnonzero(status[rows] == Status.ESTIMATED)
        likelihood = Likelihood(bank, categories[found])
        theta[start + found] = _summit(likelihood, len(found))
        error[start + found] = _errors(likelihood.at(np.arange(len(found)), theta[start + found])[1])
    return Thetas(theta, error, answered, status)


def _statuses(bank: Bank, categories: NDArray[np.intp]) -> NDArray[np.int8]:
    """The Status of each row of categories."""
    is_missing = categories == MISSING
    result = np.full(len(categories), Status.ESTIMATED, dtype=np.int8)
    result[((categories == 0) | is_missing).all(axis=1)] = Status.ALL_LOWEST
    result[((categories == bank.categories - 1) | is_missing).all(axis=1)] = Status.ALL_HIGHEST
    result[is_missing.all(axis=1)] = Status.NO_ANSWERS
    return result


def _summit(likelihood: Likelihood, count: int) -> Floats:
    """Where the slope of each of ``count`` rows is 0, by Newton's method within a bracket that only ever shrinks.

    A Newton step that would leave the bracket, or is not at most half of the step before, gives way to the middle of
    the bracket: far from the summit the likelihood is nearly straight, and Newton alone leaps away or creeps. Each row
    ends on its own, whatever other rows are searched beside it.
    """
    low, high = _bracket(likelihood, count)
    theta, last = np.zeros(count), high - low
    rows = np.arange(count)
    for _ in range(STEPS):
        if not len(rows):
            break
        here = theta[rows]
        slope, information = likelihood.at(rows, here)
        low[rows] = np.where(slope >= 0, here, low[rows])
        high[rows] = np.where(slope <= 0, here, high[rows])
        newton = np.divide(slope, information, out=np.full_like(slope, np.inf), where=information > 0)
        is_safe = (low[rows] <= here + newton) & (here + newton <= high[rows]) & (2 * np.abs(newton) <= last[rows])
        there = np.where(is_safe, here + newton, low[rows] + (high[rows] - low[rows]) / 2)
        theta[rows], last[rows] = there, np.abs(there - here)
        rows = rows[last[rows] > PRECISION * np.maximum(1.0, np.abs(there))]
    return theta


def _bracket(likelihood: Likelihood, count: int) -> tuple[Floats, Floats]:
    """A theta below and one above the summit of each row."""
    reach = np.full(count, 8.0)
    rows = np.arange(count)
    while len(rows):
        is_around = (likelihood.at(rows, -reach[rows])[0] > 0) & (likelihood.at(rows, reach[rows])[0] < 0)
        rows = rows[~is_around]
        reach[rows] *= 2
    return -reach, reach.copy()


def _bend(steps: Floats) -> Floats:
    """The derivative of the logistic function: p (1 - p), to the last digits at both ends."""
    tail = np.exp(-np.abs(steps))
    result: Floats = tail / (1.0 + tail) ** 2
    return result


def _errors(information: Floats) -> Floats:
    """inf where the answers say nothing about theta near the summit."""
    return np.divide(1.0, np.sqrt(information), out=np.full_like(information, np.inf), where=information > 0)
