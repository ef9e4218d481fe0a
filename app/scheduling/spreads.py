"""How many days can lie between two days that are reached from one and the same day, whichever day that is. Exact.

Adding months keeps the day of the month, held back to the last day of a shorter one. So what is reached from day d of
month M by k months is F(M + k) + min(d, L(M + k)), where F(M) is the day before month M and L(M) its length; between
two such days lie F(M + k) - F(M) + min(d, L(M + k)) - min(d, L(M)), counted from the earlier of the two months.

Which starts are enough. The lengths of months repeat every 48 months as long as no February of 1900, 2100, 2200 ... is
among them. Two such Februaries are at least a century apart, more than any study lasts, so whatever a protocol reaches
holds one of them at most. It therefore behaves like the same months of the years from 1952 on, where there is none for
a century and a half; or like those around February 2100, which looks from both sides like any other such February.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_FIRST_REGULAR = 12 * 1952
_EXCEPTION = 12 * 2100 + 1  # February 2100, which has 28 days
_ENDS_OF_MONTHS = (28, 29, 30, 31)  # the days up to the 28th exist in every month, so they all behave alike
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def spread(months: int) -> tuple[int, int]:
    """The fewest and the most days between what is reached by some months and what by so many more, from one day.

    Over every starting month and every day of the month, also one that the starting month itself does not have.
    """
    if months == 0:
        return 0, 0
    if months < 0:
        low, high = spread(-months)
        return -high, -low
    found = [
        _day(month + months, day) - _day(month, day) for month in _months(months + 1, 0) for day in _ENDS_OF_MONTHS
    ]
    return min(found), max(found)


@lru_cache(maxsize=256)
def starts(ahead: int, back: int, *, is_by_month_only: bool) -> tuple[date, ...]:
    """Every day that has to be tried as a start where so many months ahead and back are reached.

    ``is_by_month_only``: months are added to the start itself and nowhere else, so the days up to the 28th are alike.
    """
    found = []
    for month in _months(ahead + 1, back + 1):
        first = date(month // 12, month % 12 + 1, 1)
        length = _length(month)
        days = [day for day in _ENDS_OF_MONTHS if day <= length] if is_by_month_only else range(1, length + 1)
        found += [first + (day - 1) * _ONE_DAY for day in days]
    return tuple(found)


def _months(ahead: int, back: int) -> Iterator[int]:
    """Four years without an exception among what is reached, then every month from which the exception is."""
    yield from range(_FIRST_REGULAR, _FIRST_REGULAR + 48)
    yield from range(_EXCEPTION - ahead, _EXCEPTION + back + 1)


def _day(month: int, day: int) -> int:
    return _before(month) + min(day, _length(month))


@lru_cache(maxsize=65_536)
def _before(month: int) -> int:
    """The number of the day before a month."""
    return date(month // 12, month % 12 + 1, 1).toordinal() - 1


def _length(month: int) -> int:
    return _before(month + 1) - _before(month)
