"""From the answers of a scale to its score: one kernel a method, whole columns at once.

Rows hold 0 where a source is missing. Additions go source by source, never by a matrix product or a pairwise sum: one
person alone must get the very number, to the last bit, that she gets in a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Counts = NDArray[np.int16] | NDArray[np.uint8]
MOST_IN_A_BYTE = 255

COMPARE: Mapping[str, Callable[[Floats, float], Bools]] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}


def total(rows: Iterable[Floats]) -> Floats:
    """The sum of rows, in their order; ValueError where there is none."""
    first, *others = rows
    result = first.astype(np.float64, copy=True)
    for row in others:
        result += row
    return result


def exact_total(rows: Iterable[Floats]) -> Floats:
    """The sum of rows as if it were rounded only once, at the end (Neumaier's compensated sum).

    Published coefficients meet exact halves of the last printed digit; an error in the sixteenth digit would decide.
    """
    first, *others = rows
    result, lost = first.astype(np.float64, copy=True), np.zeros_like(first)
    for row in others:
        grown = result + row
        lost += np.where(np.abs(result) >= np.abs(row), (result - grown) + row, (row - grown) + result)
        result = grown
    result += lost
    return result


def rounded(values: Floats, decimals: int) -> Floats:
    """To the nearer of the two neighbours that can be printed, as the numbers are in the machine; halves to even.

    That is the rule of R since version 4.0.0, in which the published tables were computed; it differs from multiplying,
    rounding and dividing where the value lies near a half.
    """
    power = 10.0**decimals
    scaled = values * power
    below, above = np.floor(scaled), np.ceil(scaled)
    down, up = values - below / power, above / power - values
    is_down = (down < up) | ((down == up) & (below % 2 == 0))
    result: Floats = np.where(is_down, below, above) / power
    return result


def counted(rows: Sequence[Bools], length: int) -> Counts:
    """How many of the rows are there, column by column; in bytes where that is enough, which is much faster."""
    if len(rows) > MOST_IN_A_BYTE:
        many = np.zeros(length, dtype=np.int16)
        for row in rows:
            many += row
        return many
    result = np.zeros(length, dtype=np.uint8)
    for row in rows:
        result += row.view(np.uint8)
    return result


def mean(rows: Sequence[Floats], count: Counts) -> Floats:
    """The mean of what is there; 0 where nothing is."""
    result = total(rows)
    if len(rows) > 1:  # the mean of one is itself
        result /= np.maximum(count, 1).astype(np.float64)
    return result


def linear(means: Floats, lowest: float, span: float, is_reversed: bool) -> Floats:
    """Raw means stretched to 0-100.

    S = ((RS - min) / range) * 100 and, for a reversed scale, S = (1 - (RS - min) / range) * 100, where RS is the mean
    of the answered items. A mean within the answers' range gives a score within 0 and 100, never a rounding beyond.

    Source: Fayers et al., EORTC QLQ-C30 Scoring Manual, 3rd edition, 2001, "General principles of scoring".
    """
    share = means - lowest
    share /= span
    if is_reversed:
        np.subtract(1.0, share, out=share)
    share *= 100.0
    return share


def standardised(
    rows: Sequence[Floats], means: Sequence[float], sds: Sequence[float], weights: Sequence[float]
) -> Floats:
    """The sum of weight * (value - mean) / sd.

    Source: Ware, Kosinski and Keller, SF-36 Physical and Mental Health Summary Scales, 1994, for the SF-36 components.
    """
    parts = zip(rows, means, sds, weights, strict=True)
    return total((row - middle) / sd * weight for row, middle, sd, weight in parts)


def weighted(rows: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """The sum of weight * value."""
    return total(row * weight for row, weight in zip(rows, weights, strict=True))


def product(rows: Sequence[Floats]) -> Floats:
    """All rows multiplied."""
    result = np.ones_like(rows[0])
    for row in rows:
        result *= row
    return result


def fulfilled(rows: Sequence[Floats], there: Sequence[Bools], operator: str, value: float) -> Floats:
    """How many of the sources that are there fulfil a comparison."""
    compare = COMPARE[operator]
    return total((compare(row, value) & is_there).astype(np.float64) for row, is_there in zip(rows, there, strict=True))


def extreme(rows: Sequence[Floats], there: Sequence[Bools], *, is_highest: bool) -> Floats:
    """The highest (or the lowest) of what is there; infinite where nothing is."""
    pick, none = (np.maximum, -np.inf) if is_highest else (np.minimum, np.inf)
    result = np.full_like(rows[0], none)
    for row, is_there in zip(rows, there, strict=True):
        pick(result, np.where(is_there, row, none), out=result)
    return result


def first(rows: Sequence[Floats], there: Sequence[Bools]) -> Floats:
    """The first that is there; 0 where none is."""
    result, is_open = np.zeros_like(rows[0]), np.ones(rows[0].shape, dtype=np.bool_)
    for row, is_there in zip(rows, there, strict=True):
        result = np.where(is_open & is_there, row, result)
        is_open &= ~is_there
    return result
