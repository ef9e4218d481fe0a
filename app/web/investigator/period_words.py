"""Periods as people write and read them: a number and a unit in forms, words in sentences."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from babel.units import format_unit
from wtforms import Field

from app.i18n import locale
from app.scheduling.period import Period, parse_period
from app.web.locale import _, lazy
from app.web.request import current

AS_WRITTEN = "iso"
UNITS: Mapping[str, Any] = {
    "D": lazy("days"),
    "W": lazy("weeks"),
    "M": lazy("months"),
    "Y": lazy("years"),
    AS_WRITTEN: lazy("as written (ISO 8601, such as P1Y6M)"),
}
DAYS_A_WEEK, MONTHS_A_YEAR = 7, 12


class PeriodField(Field):  # type: ignore[misc]  # WTForms carries no types
    """A number and a unit, sent under one name; the data is the period's text, or whatever was typed instead of one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Both parts together; nothing for an empty number."""
        if not valuelist:
            return
        amount, unit = valuelist[0].strip(), valuelist[1] if len(valuelist) > 1 else AS_WRITTEN
        self.data = written(amount, unit) if amount else None

    @property
    def parts(self) -> tuple[str, str]:
        """What stands in the two boxes."""
        return parts(self.data) if self.data else ("", "D")


def written(amount: str, unit: str) -> str:
    """The ISO 8601 text of a number and a unit; anything that is no number stays as it is."""
    sign, digits = ("-", amount[1:]) if amount[:1] in ("-", "\u2212") else ("", amount)
    if unit not in UNITS or unit == AS_WRITTEN or not (digits.isascii() and digits.isdigit()):
        return amount
    return f"{sign}P{int(digits)}{unit}"


def parts(text: str) -> tuple[str, str]:
    """The number and the unit of a period's text; a mixed one, or none at all, stays as it is written."""
    try:
        period = parse_period(text)
    except (ValueError, TypeError):
        return str(text), AS_WRITTEN
    units = [(period.years, "Y"), (period.months, "M"), (period.days, "D")]
    used = [(str(number), unit) for number, unit in units if number]
    if len(used) > 1:
        return text, AS_WRITTEN
    if used and used[0][1] != "D":
        return used[0]
    weeks, rest = divmod(period.days, DAYS_A_WEEK)
    return (str(period.days), "D") if rest or not weeks else (str(weeks), "W")


def length(period: Period) -> str:
    """How long, without a direction: "1 year and 6 months"."""
    years, months = divmod(abs(period.whole_months), MONTHS_A_YEAR)
    weeks, days = divmod(abs(period.days), DAYS_A_WEEK)
    if weeks and days:
        weeks, days = 0, abs(period.days)
    units = (("year", years), ("month", months), ("week", weeks), ("day", days))
    named = [
        format_unit(number, f"duration-{unit}", locale=locale(current.language)) for unit, number in units if number
    ]
    return format_list(named, locale=locale(current.language)) if named else ""


def place(period: Period, event: str) -> str:
    """When a visit is, seen from its event."""
    if not period.whole_months and not period.days:
        return _("On the day of: %(event)s", event=event)
    if period.whole_months < 0 or period.days < 0:
        return _("%(period)s before: %(event)s", period=length(period), event=event)
    return _("%(period)s after: %(event)s", period=length(period), event=event)


def around(period: Period) -> str:
    """When something is, seen from the planned day of a visit."""
    if not period.whole_months and not period.days:
        return _("on the planned day")
    if period.whole_months < 0 or period.days < 0:
        return _("%(period)s before the planned day", period=length(period))
    return _("%(period)s after the planned day", period=length(period))
