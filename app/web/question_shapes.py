"""What is drawn of a question, one row a kind: its options, what its fields need to know, and which field is first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.questionnaires.response_scales import Choice, Multiple, Ranking, Rating, Vas
from app.questionnaires.wording import Wording
from app.web.question_parts import ANSWER, place_of
from app.web.question_words import unit_of

Option: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Details:
    """What a question's fields need to know beside its options; each kind uses some of it."""

    low: float = 0
    high: float = 0
    ends: tuple[str, str] = ("", "")
    unit: str = ""
    decimals: int = 0
    length: str = ""
    most: int = 0
    exclusive: tuple[int, ...] = ()
    regions: tuple[tuple[str, int], ...] = ()
    places: int = 0


def _labelled(scale: Choice | Multiple | Ranking, wording: Wording, response: str) -> tuple[Option, ...]:
    codes = scale.scored if isinstance(scale, Choice) else scale.options
    return tuple((value, wording.option_text(response, value) or str(value)) for value in codes)


def _steps(scale: Rating, wording: Wording, response: str) -> tuple[Option, ...]:
    low, high = wording.ends(response) or ("", "")
    named = {scale.minimum: low, scale.maximum: high}
    return tuple((value, named.get(value) or str(value)) for value in scale.scored)


def _none(_scale: object, _wording: Wording, _response: str) -> tuple[Option, ...]:
    return ()


OPTIONS: Mapping[str, Callable[[Any, Wording, str], tuple[Option, ...]]] = {
    "choice": _labelled,
    "rating": _steps,
    "vas": _none,
    "multiple": _labelled,
    "ranking": _labelled,
    "number": _none,
    "date": _none,
    "text": _none,
}


def _plain_details(_scale: object, _wording: Wording, _response: str) -> Details:
    return Details()


def _line_details(scale: Vas, wording: Wording, response: str) -> Details:
    return Details(low=scale.minimum, high=scale.maximum, ends=wording.ends(response) or ("", ""))


def _several_details(scale: Multiple, _wording: Wording, _response: str) -> Details:
    regions = {} if scale.picture is None else scale.picture.regions
    return Details(exclusive=scale.exclusive, regions=tuple((region, option) for option, region in regions.items()))


DETAILS: Mapping[str, Callable[[Any, Wording, str], Details]] = {
    "choice": _plain_details,
    "rating": _plain_details,
    "vas": _line_details,
    "multiple": _several_details,
    "ranking": lambda scale, _wording, _response: Details(places=scale.places or len(scale.options)),
    "number": lambda scale, _wording, _response: Details(
        low=scale.minimum, unit=unit_of(scale.unit), decimals=scale.decimals
    ),
    "date": _plain_details,
    "text": lambda scale, _wording, _response: Details(length=scale.length, most=scale.at_most),
}


def _first_option(options: tuple[Option, ...]) -> str:
    return str(options[0][0])


def _only_field(_options: tuple[Option, ...]) -> str:
    return ANSWER


FIRST: Mapping[str, Callable[[tuple[Option, ...]], str]] = {
    "choice": _first_option,
    "rating": _first_option,
    "vas": _only_field,
    "multiple": _first_option,
    "ranking": lambda options: place_of(options[0][0]),
    "number": _only_field,
    "date": lambda _options: "day",
    "text": _only_field,
}
"""Which field comes first, for a link to it."""
