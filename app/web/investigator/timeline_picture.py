"""The picture of a protocol: a row a visit, its windows on an axis of months. The list beside it says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from app.i18n import HOUSE_ZONE, locale
from app.scheduling.timeline import Occasion
from app.web.request import current

WIDTH, LEFT, ROW, TOP = 960, 150, 30, 34
MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One window: from opening to closing, with the places of the invitation and of the due date."""

    x: float
    width: float
    notify: float
    due: float


@dataclass(frozen=True, slots=True)
class Row:
    """One visit with all its windows."""

    key: str
    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a template draws; lengths are units of the drawing."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int


def picture(titles: Sequence[tuple[str, str]], occasions: Sequence[Occasion]) -> Picture | None:
    """The picture of some visits (key and title, in order); None where nothing has a date."""
    if not occasions:
        return None
    first = min(one.opens for one in occasions)
    last = max(one.closes for one in occasions)
    span = max((last - first).total_seconds(), 86_400.0)

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - 10) * (at - first).total_seconds() / span, 1)

    rows = []
    for number, (key, title) in enumerate(titles):
        bars = tuple(
            Bar(x(one.opens), max(x(one.closes) - x(one.opens), 2.0), x(one.notify), x(one.due))
            for one in occasions
            if one.visit_key == key
        )
        rows.append(Row(key, title if len(title) <= 18 else f"{title[:17]}…", TOP + number * ROW, bars))
    return Picture(tuple(rows), tuple(_ticks(first, last, x)), WIDTH, TOP + len(rows) * ROW + 8)


def _ticks(first: datetime, last: datetime, x: Callable[[datetime], float]) -> list[Tick]:
    """The beginnings of months, or of every so many months, as many as have room."""
    start, end = first.astimezone(HOUSE_ZONE).date(), last.astimezone(HOUSE_ZONE).date()
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    step = max(1, -(-months // MOST_TICKS))
    found = []
    for number in range(0, months + 1, step):
        year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
        day = datetime(year, month + 1, 1, tzinfo=HOUSE_ZONE)
        if start - timedelta(days=1) <= day.date() <= end:
            found.append(Tick(x(day), _month(day.date())))
    return found


def _month(on: date) -> str:
    return format_date(on, "MMM yy", locale=locale(current.language))
