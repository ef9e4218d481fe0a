"""How templates write dates and numbers, and address static files by their content."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask, request, url_for

from app.i18n import HOUSE_ZONE, locale
from app.web.locale import _
from app.web.request import current
from app.web.texts import in_language

STATIC = Path(__file__).parent / "static"
FIRST_OF_MONTH = {"fr": "'1er' MMMM y"}


def today() -> date:
    """The day of the request where the house is: licences begin and end by it."""
    return current.at.astimezone(HOUSE_ZONE).date()


def day(value: date | datetime | None, zone: tzinfo = HOUSE_ZONE) -> str:
    """A calendar day in words, without the weekday; of an instant, the day that it is in ``zone``."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    # French writes the first of a month as an ordinal, which the tables of CLDR do not know.
    pattern = FIRST_OF_MONTH.get(current.language, "long") if value.day == 1 else "long"
    return format_date(value, format=pattern, locale=locale(current.language))


def last_day(value: datetime, zone: tzinfo) -> str:
    """The last whole day before an instant at which something closes: windows end at midnight where somebody lives."""
    return day(value - timedelta(seconds=1), zone)


def short_day(value: date | datetime | None) -> str:
    """A calendar day in figures, for tables."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(HOUSE_ZONE).date()
    return format_date(value, format="short", locale=locale(current.language))


def daytime(value: datetime | None) -> str:
    """A day and a time of day, in the house's time zone."""
    if value is None:
        return ""
    time = format_time(value, format="short", tzinfo=HOUSE_ZONE, locale=locale(current.language))
    return _("%(day)s at %(time)s", day=day(value), time=time)


def month(value: date) -> str:
    """A month and its year in words."""
    return format_date(value, "LLLL y", locale=locale(current.language)).capitalize()


def day_and_time(value: datetime, zone: tzinfo) -> str:
    """A day with its weekday and the hour, short, as clocks show it in ``zone``."""
    return format_datetime(value, "EEE d MMM y, HH:mm", tzinfo=zone, locale=locale(current.language))


def number(value: float | None, decimals: int = 0) -> str:
    """A number with a fixed count of decimals; nothing for nothing."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale(current.language))


def options(choices: Any) -> list[tuple[Any, str]]:
    """The choices of a select of WTForms as the forms' macros take them."""
    return [(choice[0], str(choice[1])) for choice in map(tuple, choices() if callable(choices) else choices or ())]


@cache
def fingerprint(name: str) -> str:
    """Part of a static file's hash, so that browsers may keep the file for ever."""
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint."""
    return _asset(request.script_root, name)


@lru_cache(maxsize=256)
def _asset(_script_root: str, name: str) -> str:
    return url_for("static", filename=name, v=fingerprint(name))


FILTERS: dict[str, Callable[..., Any]] = {
    "options": options,
    "day": day,
    "last_day": last_day,
    "short_day": short_day,
    "daytime": daytime,
    "month": month,
    "day_and_time": day_and_time,
    "number": number,
    "score": number,
    "in_language": lambda texts: in_language(texts, current.language),
}


def install(app: Flask) -> None:
    """Make the filters and ``asset`` known to every template."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["asset"] = asset
