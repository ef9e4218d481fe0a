"""What is said about a question beside its own wording: what may be answered, what is wrong, the answer read back.

One row a kind in each table. The question itself and the names of its options are wording and never stand here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from app.i18n import locale
from app.questionnaires.answers import DECLINED, LEFT_BLANK, UNUSABLE, Declined, Value
from app.questionnaires.response_scales import Day, Multiple, Quantity, Ranking, Vas, Words
from app.web.filters import day
from app.web.locale import _, lazy, ngettext
from app.web.request import current

Labels: TypeAlias = Mapping[int, str]

UNITS: Mapping[str, Any] = {
    "1": "",
    "Cel": "°C",
    "a": lazy("years"),
    "mo": lazy("months"),
    "wk": lazy("weeks"),
    "d": lazy("days"),
    "h": lazy("hours"),
    "min": lazy("minutes"),
    "mm[Hg]": "mmHg",
    "/min": lazy("per minute"),
}
"""UCUM codes that are not the word one reads; the others (kg, cm, mg ...) are."""


COUNTED: Mapping[str, str] = {
    "a": "duration-year",
    "mo": "duration-month",
    "wk": "duration-week",
    "d": "duration-day",
    "h": "duration-hour",
    "min": "duration-minute",
}
"""Units that follow their number: one day, two days."""


WITHOUT: Mapping[Declined, Any] = {
    DECLINED: lazy("I prefer not to answer"),
    LEFT_BLANK: lazy("Left blank on the paper"),
    UNUSABLE: lazy("Cannot be used: illegible, two boxes ticked, or no possible answer"),
}
"""What is said of an item that has no answer."""


def on_paper() -> tuple[tuple[str, str], ...]:
    """What whoever enters a form from paper may say instead of an answer."""
    return tuple((one.value, str(WITHOUT[one])) for one in (LEFT_BLANK, UNUSABLE))


def unit_of(code: str) -> str:
    """A unit as one reads it; a note in braces is no unit."""
    return str(UNITS.get(code, "" if code.startswith("{") else code))


def plain(number: float) -> str:
    """A number in the reader's way of writing, with as many decimals as it has."""
    return format_decimal(number, format="0.######", locale=locale(current.language))


def _no_hint(_scale: object) -> str:
    return ""


def _of_line(scale: Vas) -> str:
    return _("Write a whole number from %(low)s to %(high)s.", low=scale.minimum, high=scale.maximum)


def _several(scale: Multiple) -> str:
    if scale.at_most is not None and scale.at_least:
        return _("Choose from %(least)s to %(most)s answers.", least=scale.at_least, most=scale.at_most)
    if scale.at_most is not None:
        return ngettext("You may choose one answer.", "You may choose up to %(num)s answers.", scale.at_most)
    if scale.at_least > 1:
        return _("Choose at least %(least)s answers.", least=scale.at_least)
    return _("You may choose several answers.")


def _ranking(scale: Ranking) -> str:
    if scale.places is None or scale.places == len(scale.options):
        return _("Give each line a place; 1 is the first. Each place is given once.")
    return _("Choose your first %(places)s: 1 is the first. Each place is given once.", places=scale.places)


def _quantity(scale: Quantity) -> str:
    low, high, unit = plain(scale.minimum), plain(scale.maximum), unit_of(scale.unit)
    if scale.decimals and unit:
        return _(
            "Write a number from %(low)s to %(high)s (%(unit)s); decimals are allowed.", low=low, high=high, unit=unit
        )
    if scale.decimals:
        return _("Write a number from %(low)s to %(high)s; decimals are allowed.", low=low, high=high)
    if unit:
        return _("Write a whole number from %(low)s to %(high)s (%(unit)s).", low=low, high=high, unit=unit)
    return _("Write a whole number from %(low)s to %(high)s.", low=low, high=high)


_DATE_HINTS: Mapping[str, Any] = {
    "day": lazy("Write the day, the month and the year in figures."),
    "month": lazy("Write the month and the year in figures. You may leave the day empty."),
    "year": lazy("Write the year in figures. You may leave the day and the month empty."),
}


def _date(scale: Day) -> str:
    return str(_DATE_HINTS[scale.precision])


def _date_refused(scale: Day, _raw: str) -> str:
    first, last = (written_day(one) if one else "" for one in (scale.earliest, scale.latest))
    if first and last:
        return _("Write a date between %(first)s and %(last)s, in figures.", first=first, last=last)
    if first:
        return _("Write a date from %(first)s on, in figures.", first=first)
    if last:
        return _("Write a date not later than %(last)s, in figures.", last=last)
    return _("Write a date that exists, in figures: day, month and year.")


def _words(scale: Words) -> str:
    return _("You can write up to %(most)s characters.", most=scale.at_most)


def _words_refused(scale: Words, raw: str) -> str:
    if len(raw) <= scale.at_most:
        return _("Write your answer in one line of plain text.")
    return _(
        "Your answer has %(count)s characters; at most %(most)s can be kept. Please shorten it.",
        count=len(raw),
        most=scale.at_most,
    )


def _not_one_of_them(_scale: object, _raw: str) -> str:
    return _("This is not one of the possible answers. Please choose one of the answers shown.")


def _several_refused(scale: Multiple, raw: str) -> str:
    chosen = raw.split(",")
    if len(chosen) > 1 and set(chosen) & set(map(str, scale.exclusive)):
        return _("One of the chosen answers excludes the others. Keep that one alone, or take it away.")
    return _several(scale)


HINTS: Mapping[str, Callable[[Any], str]] = {
    "choice": _no_hint,
    "rating": _no_hint,
    "vas": _no_hint,
    "multiple": _several,
    "ranking": _ranking,
    "number": _quantity,
    "date": _date,
    "text": _words,
}
"""What may be answered, in a sentence; nothing where the options say it all, or the fields themselves do."""

REFUSED: Mapping[str, Callable[[Any, str], str]] = {
    "choice": _not_one_of_them,
    "rating": _not_one_of_them,
    "vas": lambda scale, _raw: _of_line(scale),
    "multiple": _several_refused,
    "ranking": lambda scale, _raw: _ranking(scale),
    "number": lambda scale, _raw: _quantity(scale),
    "date": _date_refused,
    "text": _words_refused,
}
"""What to do where a text is no answer; bounds are said where there are any."""

_CHOOSE = (lazy("Choose an answer, or “I prefer not to answer”."), lazy("Choose an answer."))
_WRITE = (lazy("Write an answer, or choose “I prefer not to answer”."), lazy("Write an answer."))
_MARK = (lazy("Mark a place on the line, or choose “I prefer not to answer”."), lazy("Mark a place on the line."))
_RANK = (lazy("Give the places, or choose “I prefer not to answer”."), lazy("Give the places."))
MISSING: Mapping[str, tuple[Any, Any]] = {
    "choice": _CHOOSE,
    "rating": _CHOOSE,
    "vas": _MARK,
    "multiple": _CHOOSE,
    "ranking": _RANK,
    "number": _WRITE,
    "date": _WRITE,
    "text": _WRITE,
}
"""What to do where nothing was answered: where the question may be left out, and where it may not."""


def both(_scale: object) -> str:
    """What to do where there is an answer, and a box as well that says that there is none."""
    return _("You answered, and also ticked that you do not. Please take one of the two away.")


def _by_name(value: Any, _scale: object, labels: Labels) -> str:
    return labels[value]


def _number_first(value: Any, _scale: object, labels: Labels) -> str:
    text = labels[value]
    return text if text == str(value) else f"{value} – {text}"


def _on_the_line(value: Any, scale: Vas, _labels: Labels) -> str:
    return _("%(place)s on the line from %(low)s to %(high)s", place=value, low=scale.minimum, high=scale.maximum)


def _listed(value: Any, _scale: object, labels: Labels) -> str:
    return format_list([labels[one] for one in value], locale=locale(current.language))


def _in_order(value: Any, _scale: object, labels: Labels) -> str:
    return " · ".join(f"{place}. {labels[one]}" for place, one in enumerate(value, start=1))


def _with_unit(value: Any, scale: Quantity, _labels: Labels) -> str:
    if scale.unit in COUNTED:
        return format_unit(value, COUNTED[scale.unit], format="0.######", locale=locale(current.language))
    return f"{plain(value)}\N{NO-BREAK SPACE}{unit_of(scale.unit)}".strip()


def written_day(value: str) -> str:
    """A date in words, as precise as it is written."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return day(date(*parts))
    pattern = "MMMM y" if len(parts) == 2 else "y"
    return format_date(date(parts[0], parts[-1] if len(parts) == 2 else 1, 1), pattern, locale(current.language))


LABELS: Mapping[str, Callable[[Value, Any, Labels], str]] = {
    "choice": _by_name,
    "rating": _number_first,
    "vas": _on_the_line,
    "multiple": _listed,
    "ranking": _in_order,
    "number": _with_unit,
    "date": lambda value, _scale, _labels: written_day(str(value)),
    "text": lambda value, _scale, _labels: str(value),
}
"""An answer read back in words."""
