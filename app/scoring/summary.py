"""The mean of a group and its 95 % confidence interval, in plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``n`` values and its interval; None where there is nothing to compute it from."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


def mean_course(values: Sequence[float]) -> Mean:
    """The mean of the values of one visit with its 95 % confidence interval by Student's t.

    No value gives no mean, one value no interval. The interval may reach beyond the range of the values. ValueError for
    a value that is not finite: a missing score is left out by the caller, never counted.
    """
    if not all(math.isfinite(value) for value in values):
        raise ValueError("a value is not finite")
    n = len(values)
    if n == 0:
        return Mean(0, None, None, None)
    mean = fmean(values)
    if n == 1:
        return Mean(1, mean, None, None)
    half = student_t(n - 1) * stdev(values, mean) / math.sqrt(n)
    return Mean(n, mean, mean - half, mean + half)


# The 0.975 quantile of Student's t for 1, 2, 3 ... degrees of freedom: where the expansion below is too coarse.
_SMALL = (12.70620, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.30600, 2.26216, 2.22814)


def student_t(freedom: int) -> float:
    """The 0.975 quantile of Student's t, right to 0.0001: a table to 10 degrees of freedom, then an expansion.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, formula 26.7.5 about the normal quantile.
    """
    if freedom <= len(_SMALL):
        return _SMALL[freedom - 1]
    z = 1.959963984540054
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / freedom**power for power, term in enumerate(terms, start=1))
