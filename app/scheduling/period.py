"""Calendar periods as ISO 8601 writes them (P6M, P2W, -P7D), and adding them to a day. No clock, no time zone."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_SHAPE = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,5})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,5})D)?")
_LONGEST_DAYS = 18_263  # half a century: longer than any study, short enough for every date to exist
_MONTH_DAYS = 146_097 / 4_800  # the mean month of the 400-year Gregorian cycle
_MONTH_SLACK = 8  # the ends of whole months stay within 8 days of what the mean month says, clamping included


@dataclass(frozen=True, slots=True)
class Period:
    """A length in calendar units; the three numbers never have opposite signs. Weeks are kept as days.

    ``str`` gives its ISO 8601 text, which ``parse_period`` reads back into an equal period.
    """

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.years, self.months, self.days) < 0 < max(self.years, self.months, self.days):
            raise ValueError("a period goes either forward or back, not both")
        if abs(self.whole_months * _MONTH_DAYS + self.days) > _LONGEST_DAYS:
            raise ValueError("a period is no longer than 50 years")

    def __str__(self) -> str:
        sign = "-" if min(self.years, self.months, self.days) < 0 else ""
        parts = ((abs(self.years), "Y"), (abs(self.months), "M"), (abs(self.days), "D"))
        return f"{sign}P{''.join(f'{number}{unit}' for number, unit in parts if number) or '0D'}"

    @property
    def whole_months(self) -> int:
        """Years and months together, in months."""
        return 12 * self.years + self.months


NO_TIME = Period()
ONE_DAY = Period(days=1)


def parse_period(text: str) -> Period:
    """The period written as ``[-]P[nY][nM][nW][nD]``, in this order, at least one part; ValueError otherwise."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text[:40]}” is not a period such as P6M, P2W, P1Y6M or -P7D")
    sign = -1 if match[1] else 1
    years, months, weeks, days = (sign * int(number or 0) for number in match.groups()[1:])
    return Period(years, months, 7 * weeks + days)


def add(on: date, period: Period) -> date:
    """The day reached from ``on``: first whole months, held back to the last day of a shorter month, then days.

    31 January + P1M is the last of February; 29 February + P1Y is 28 February (the rule of ISO 8601 libraries such as
    java.time). A later day never gives an earlier result. OverflowError or ValueError outside the years 1 to 9999.
    """
    return shift(on, period.whole_months, period.days)


def add_all(on: date, period: Period, every: Period, times: int) -> date:
    """The day reached by adding ``period`` and, so many times, ``every``: all months at once, then all days.

    From 31 January, P3M and once P3M is 31 July, where one after the other would lead to 30 July by way of April.
    """
    return shift(on, period.whole_months + times * every.whole_months, period.days + times * every.days)


def shift(on: date, months: int, days: int) -> date:
    """The day reached by whole months and then days, which may go in opposite directions."""
    if months:
        year, month = divmod(12 * on.year + on.month - 1 + months, 12)
        last = monthrange(year, month + 1)[1] if on.day > 28 else 28  # which month it is matters to few days only
        on = date(year, month + 1, min(on.day, last))
    return on + timedelta(days) if days else on


def walk(on: date, path: Sequence[Period]) -> date:
    """The day reached by adding one period after the other; not the same as adding their sum."""
    for period in path:
        on = add(on, period)
    return on


@lru_cache(maxsize=4096)
def is_never_later(first: tuple[Period, ...], second: tuple[Period, ...]) -> bool:
    """Whether walking ``first`` ends no later than walking ``second``, from whichever day both set out.

    P30D and P1M have no order of their own: it depends on the month. Exact while the days reached lie between 1901 and
    2099, where every fourth year is a leap year.
    """
    first_low, first_high = _bounds(first)
    second_low, second_high = _bounds(second)
    if first_high <= second_low:
        return True
    if first_low > second_high:
        return False
    return all(walk(day, first) <= walk(day, second) for day in _every_day())


def _bounds(path: tuple[Period, ...]) -> tuple[float, float]:
    """The fewest and the most days that a walk can take; equal where no month is involved."""
    mean = sum(period.whole_months * _MONTH_DAYS + period.days for period in path)
    slack = sum(_MONTH_SLACK for period in path if period.whole_months)
    return mean - slack, mean + slack


@lru_cache(maxsize=1)
def _every_day() -> tuple[date, ...]:
    """Each day of one leap cycle, in the middle of the century of regular leap years."""
    return tuple(date(2000, 1, 1) + timedelta(days=number) for number in range(1461))
