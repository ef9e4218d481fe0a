"""The fields that a question is made of: one row a kind for which there are, how an answer fills them, what they say.

What they say is one text, as app.questionnaires.answers reads it; nothing here decides whether it is an answer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from babel.numbers import get_decimal_symbol
from werkzeug.datastructures import MultiDict

from app.i18n import locale
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Day, Ranking, ResponseScale
from app.web.request import current

Filled: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""What stands in the fields of a question: part by part, nothing for a part that is empty."""
Typed: TypeAlias = Mapping[str, Sequence[str]]

ANSWER, BESIDE = "answer", "beside"
DATE_PARTS = ("day", "month", "year")
UNREADABLE = "?"
"""Stands for fields that cannot be put together to one text; no kind of answer is written like this."""


class Parts(NamedTuple):
    """The parts of a kind: their names, the text they say together, and what an answer's text puts into them.

    ``has_beside``: what can be chosen instead of an answer are boxes of their own, and not more rings of the question.
    """

    names: Callable[[Any], tuple[str, ...]]
    read: Callable[[Any, Typed], str]
    fill: Callable[[Any, str], Mapping[str, tuple[str, ...]]]
    has_beside: bool


def field(part: str, item: str) -> str:
    """The name of a field. With a part before it no item can be named like a field of ours, such as the token."""
    return f"{part}-{item}"


def all_parts(scale: ResponseScale) -> tuple[str, ...]:
    """Every part of a question that is answered on this scale."""
    parts = PARTS[scale.kind]
    return (*parts.names(scale), BESIDE) if parts.has_beside else parts.names(scale)


def typed_in(scale: ResponseScale, item: ItemId, fields: MultiDict[str, str]) -> Typed:
    """What somebody typed into the fields of a question; parts without a field in the form are absent."""
    names = {part: field(part, item) for part in all_parts(scale)}
    return {part: fields.getlist(name) for part, name in names.items() if name in fields}


def filled_with(scale: ResponseScale, raw: str, instead: frozenset[str]) -> Filled:
    """The fields as an answer's text fills them; ``instead`` are the texts that say that there is no answer."""
    parts = PARTS[scale.kind]
    found = {BESIDE: (raw,)} if parts.has_beside and raw in instead else parts.fill(scale, raw)
    return tuple((part, values) for part, values in found.items() if values)


def _one(_scale: object) -> tuple[str, ...]:
    return (ANSWER,)


def _first(_scale: object, typed: Typed) -> str:
    return typed.get(ANSWER, ("",))[0]


def _stripped(_scale: object, typed: Typed) -> str:
    return _first(_scale, typed).strip()


def _alone(_scale: object, raw: str) -> Mapping[str, tuple[str, ...]]:
    return {ANSWER: (raw,)} if raw else {}


def _number(_scale: object, raw: str) -> Mapping[str, tuple[str, ...]]:
    """With the decimal mark that the reader's language writes; either is read."""
    return {ANSWER: (raw.replace(".", get_decimal_symbol(locale(current.language))),)} if raw else {}


def _joined(_scale: object, typed: Typed) -> str:
    return ",".join(typed.get(ANSWER, ()))


def _split(_scale: object, raw: str) -> Mapping[str, tuple[str, ...]]:
    return {ANSWER: tuple(raw.split(","))} if raw else {}


def _date_parts(_scale: Day) -> tuple[str, ...]:
    return DATE_PARTS


def _date(_scale: Day, typed: Typed) -> str:
    """``2026-05-17`` from three fields; what is left empty at the end is left out."""
    day, month, year = (typed.get(part, ("",))[0].strip() for part in DATE_PARTS)
    if not (day or month or year):
        return ""
    if (day and not month) or not year:
        return UNREADABLE
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _into_date(_scale: Day, raw: str) -> Mapping[str, tuple[str, ...]]:
    year, month, day = (*raw.split("-"), "", "")[:3]
    return {part: (value.lstrip("0"),) for part, value in zip(DATE_PARTS, (day, month, year), strict=True) if value}


def place_of(option: int) -> str:
    """The part that holds the place of an option."""
    return f"place{option}"


def _places(scale: Ranking) -> tuple[str, ...]:
    return tuple(map(place_of, scale.options))


def _ranked(scale: Ranking, typed: Typed) -> str:
    """The options by the places that were given to them; a place that is given twice makes no order."""
    given = {option: place for option in scale.options if (place := typed.get(place_of(option), ("",))[0])}
    possible = [str(place) for place in range(1, (scale.places or len(scale.options)) + 1)]
    if len(set(given.values())) < len(given) or not set(given.values()) <= set(possible):
        return UNREADABLE
    return ",".join(str(option) for option in sorted(given, key=lambda option: possible.index(given[option])))


def _into_places(_scale: Ranking, raw: str) -> Mapping[str, tuple[str, ...]]:
    return {place_of(int(option)): (str(place),) for place, option in enumerate(raw.split(","), 1)} if raw else {}


_RINGS = Parts(_one, _first, _alone, has_beside=False)
_LINE = Parts(_one, _stripped, _alone, has_beside=True)
PARTS: Mapping[str, Parts] = {
    "choice": _RINGS,
    "rating": _RINGS,
    "vas": _LINE,
    "multiple": Parts(_one, _joined, _split, has_beside=True),
    "ranking": Parts(_places, _ranked, _into_places, has_beside=True),
    "number": Parts(_one, _stripped, _number, has_beside=True),
    "date": Parts(_date_parts, _date, _into_date, has_beside=True),
    "text": Parts(_one, _first, _alone, has_beside=True),
}
