"""The graded response model: what a bank of items is, and how likely each answer is at each level of the trait.

P(X >= k | theta) = 1 / (1 + exp(-a (theta - b_k))): logistic, without the factor 1.7 (D = 1). Categories are counted
from 0, the lowest; whoever brings answers turns an item round first where a high answer means little of the trait.

Source: Samejima, Estimation of latent ability using a response pattern of graded scores, Psychometrika Monograph
Supplement 17, 1969.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.questionnaires.elements import ItemId
from app.scoring.transforms import Floats

MISSING = -1
"""Stands for "no answer" where answers are categories."""


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Calibrated items: ``slopes`` (items,) and ``thresholds`` (items, categories - 1), ascending, one more a category.

    An item with fewer categories than the others ends in thresholds of +inf, which nobody reaches. ValueError lists
    every mistake: names twice, a slope that is not above 0, thresholds that do not ascend.
    """

    items: tuple[ItemId, ...]
    slopes: Floats
    thresholds: Floats

    def __post_init__(self) -> None:
        count = len(self.items)
        if self.slopes.shape != (count,) or self.thresholds.ndim != 2 or len(self.thresholds) != count:
            raise ValueError(f"{count} items need as many slopes and as many rows of thresholds")
        if mistakes := _mistakes(self):
            raise ValueError("; ".join(mistakes))
        for name in ("slopes", "thresholds"):
            own = np.array(getattr(self, name), dtype=np.float64)
            own.flags.writeable = False
            object.__setattr__(self, name, own)

    @property
    def categories(self) -> NDArray[np.intp]:
        """How many categories each item has."""
        counts: NDArray[np.intp] = np.isfinite(self.thresholds).sum(axis=1) + 1
        return counts

    def only(self, columns: NDArray[np.intp]) -> "Bank":
        """The bank of some of the items, in the order of ``columns``."""
        items = tuple(self.items[column] for column in columns.tolist())
        return Bank(items, self.slopes[columns], self.thresholds[columns])


def bank_of(items: Sequence[str], slopes: Sequence[float], thresholds: Sequence[Sequence[float]]) -> Bank:
    """A bank from plain numbers; an item with fewer thresholds has fewer categories. ValueError as ``Bank``."""
    width = max((len(row) for row in thresholds), default=0)
    rows = [[*row, *[np.inf] * (width - len(row))] for row in thresholds]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    return Bank(tuple(ItemId(item) for item in items), np.array(slopes, dtype=np.float64), table)


def categories_of(bank: Bank, answers: ArrayLike) -> NDArray[np.intp]:
    """A table of answers (rows, items), nan = missing, as categories; what is no category of its item is MISSING.

    ValueError where the table has not one column an item.
    """
    table = np.asarray(answers, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(bank.items):
        raise ValueError(f"expected a table with {len(bank.items)} columns, got the shape {table.shape}")
    is_category = (table >= 0) & (table < bank.categories) & (table == np.rint(table))
    return np.where(is_category, table, float(MISSING)).astype(np.intp)


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-value)), to the last digits at both ends; takes infinities."""
    tail = np.exp(-np.abs(values))
    result: Floats = np.where(values >= 0, 1.0, tail) / (1.0 + tail)
    return result


def log_logistic(values: Floats) -> Floats:
    """The logarithm of ``logistic``, also where that is too small to be written down."""
    result: Floats = np.minimum(values, 0.0) - np.log1p(np.exp(-np.abs(values)))
    return result


def log_probabilities(bank: Bank, theta: ArrayLike) -> Floats:
    """The logarithm of ``category_probabilities``: finite however unlikely; -inf for a category an item does not have.

    P(X >= k) - P(X > k) loses its digits where both are near 1. The same number as a product does not:
    P(X >= k) * P(X <= k) * (1 - exp(-a (b_k+1 - b_k))).
    """
    steps = _steps(bank, theta)
    certain = np.zeros((*steps.shape[:2], 1))
    at_least = np.concatenate([certain, log_logistic(steps)], axis=2)
    at_most = np.concatenate([log_logistic(-steps), certain], axis=2)
    result: Floats = at_least + at_most + _log_room(bank)
    return result


def category_probabilities(bank: Bank, theta: ArrayLike) -> Floats:
    """How likely each category of each item is at each theta: (thetas, items, categories), 1 in sum."""
    result: Floats = np.exp(log_probabilities(bank, theta))
    return result


def item_information(bank: Bank, theta: ArrayLike) -> Floats:
    """Fisher's (expected) information of each item at each theta: (thetas, items), never below 0.

    The sum over the categories of P'^2 / P, written as a^2 * P * (P(X < k) - P(X > k))^2, which divides by nothing.
    """
    steps = _steps(bank, theta)
    none = np.zeros((*steps.shape[:2], 1))
    below = np.concatenate([none, logistic(-steps)], axis=2)
    above = np.concatenate([logistic(steps), none], axis=2)
    probabilities = category_probabilities(bank, theta)
    result: Floats = bank.slopes**2 * (probabilities * (below - above) ** 2).sum(axis=2)
    return result


def total_information(bank: Bank, theta: ArrayLike) -> Floats:
    """The information of all items of the bank together at each theta: (thetas,)."""
    result: Floats = item_information(bank, theta).sum(axis=1)
    return result


def _steps(bank: Bank, theta: ArrayLike) -> Floats:
    """a (theta - b): (thetas, items, thresholds)."""
    thetas = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    return bank.slopes[:, None] * (thetas[:, None, None] - bank.thresholds)


def _log_room(bank: Bank) -> Floats:
    """log(1 - exp(-a (b_k+1 - b_k))): (items, categories); 0 for the categories that have an open end."""
    room = np.zeros((len(bank.items), bank.thresholds.shape[1] + 1))
    upper, lower = bank.thresholds[:, 1:], bank.thresholds[:, :-1]
    width = np.subtract(upper, lower, out=np.full_like(upper, np.inf), where=np.isfinite(upper))
    room[:, 1:-1] = np.log(-np.expm1(-bank.slopes[:, None] * width))
    return room


def _mistakes(bank: Bank) -> list[str]:
    found = [f"{item}: named twice" for item, times in Counter(bank.items).items() if times > 1]
    for item, slope, row in zip(bank.items, bank.slopes.tolist(), bank.thresholds.tolist(), strict=True):
        if not 0 < slope < np.inf:
            found.append(f"{item}: the slope must be a number above 0, not {slope}")
        steps = [step for step in row if step != np.inf]
        if not steps or row[: len(steps)] != steps or not _ascend(steps):
            found.append(f"{item}: the thresholds must ascend, not {row}")
    return found


def _ascend(steps: Sequence[float]) -> bool:
    """False with a nan anywhere: it compares as nothing."""
    return -np.inf < steps[0] and all(low < high for low, high in pairwise(steps))
