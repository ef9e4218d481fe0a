"""How each kind of response scale is an item of FHIR: its type, its options and bounds, how it is shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange.fhir import names
from app.exchange.fhir.elements import Json, control, extension, labelled
from app.exchange.numbers import decimal
from app.exchange.texts import Label, Texts
from app.questionnaires.response_scales import (
    Choice,
    Coded,
    Day,
    Multiple,
    Quantity,
    Ranking,
    Rating,
    ResponseScale,
    Vas,
    Words,
)

FORMATS: Final = {"year": "YYYY", "month": "YYYY-MM", "day": "YYYY-MM-DD"}


@dataclass(slots=True)
class Shape:
    """What an item is beside its text."""

    type: str
    extensions: list[Json]
    fields: Json
    children: list[Json]
    loss: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An item's response scale with its name and all texts."""

    texts: Texts
    item: str
    response: str

    @property
    def system(self) -> str:
        """The code system of the options."""
        return names.options(self.texts.instrument.code, self.response)

    def label(self, code: int) -> Label:
        """The label of an option."""
        return self.texts.option(self.response, code)


def shape(asked: Asked, response: ResponseScale) -> Shape:
    """What the item of a response scale looks like."""
    return SHAPES[type(response)](asked, response)


def coding(asked: Asked, code: int) -> Json:
    """An option as the value of an answer."""
    return {"system": asked.system, "code": str(code), **labelled("display", asked.label(code))}


def _option(asked: Asked, code: int, *extensions: Json) -> Json:
    return {"extension": list(extensions), "valueCoding": coding(asked, code)}


def _weighted(asked: Asked, code: int) -> Json:
    """An option that scores: its weight in the words of newer readers and of older ones."""
    return _option(asked, code, *(extension(url, "Decimal", code) for url in (names.WEIGHT, names.ORDINAL)))


def _options(asked: Asked, response: Coded) -> list[Json]:
    beside = response.not_answers.items()
    absent = [_option(asked, code, extension(names.ABSENT, "Code", names.ABSENCES[why])) for code, why in beside]
    return [*(_weighted(asked, code) for code in response.scored), *absent]


def _ends(asked: Asked) -> list[Json]:
    """The labels of both ends, as items of their own that only show a text."""
    ends = asked.texts.ends(asked.response)
    if ends is None:
        return []
    return [
        {
            "extension": [control(where)],
            "linkId": f"{asked.item}.{where}",
            **labelled("text", label),
            "type": "display",
        }
        for where, label in zip(("lower", "upper"), ends, strict=True)
    ]


def _choice(asked: Asked, response: Choice) -> Shape:
    return Shape("choice", [control("radio-button")], {"answerOption": _options(asked, response)}, [])


def _rating(asked: Asked, response: Rating) -> Shape:
    across = extension(names.ORIENTATION, "Code", "horizontal")
    return Shape("choice", [control("radio-button"), across], {"answerOption": _options(asked, response)}, _ends(asked))


def _vas(asked: Asked, response: Vas) -> Shape:
    bounds = [
        extension(names.MINIMUM, "Integer", response.minimum),
        extension(names.MAXIMUM, "Integer", response.maximum),
        extension(names.STEP, "Integer", 1),
    ]
    loss = "A line in FHIR has no codes beside it; those that are no answers cannot be chosen there."
    return Shape("integer", [control("slider"), *bounds], {}, _ends(asked), loss if response.not_answers else None)


def _multiple(asked: Asked, response: Multiple) -> Shape:
    alone = extension(names.EXCLUSIVE, "Boolean", True)
    options = [
        {**({"extension": [alone]} if code in response.exclusive else {}), "valueCoding": coding(asked, code)}
        for code in response.options
    ]
    bounds = [extension(names.LEAST, "Integer", response.at_least)] if response.at_least else []
    bounds += [] if response.at_most is None else [extension(names.MOST, "Integer", response.at_most)]
    return Shape("choice", [control("check-box"), *bounds], {"repeats": True, "answerOption": options}, [])


def _ranking(asked: Asked, response: Ranking) -> Shape:
    places = [] if response.places is None else [(names.LEAST, response.places), (names.MOST, response.places)]
    options = [{"valueCoding": coding(asked, code)} for code in response.options]
    extensions = [
        control("check-box"),
        *(extension(url, "Integer", number) for url, number in places),
        extension(names.RANKING, "Boolean", True),
    ]
    loss = "FHIR knows no ranking: it is a question with several answers, whose order only a reader of ours minds."
    return Shape("choice", extensions, {"repeats": True, "answerOption": options}, [], loss)


def _number(_asked: Asked, response: Quantity) -> Shape:
    is_whole = response.decimals == 0
    kind = "Integer" if is_whole and response.minimum.is_integer() and response.maximum.is_integer() else "Decimal"
    bounds = [
        extension(names.UNIT, "Coding", {"system": names.UCUM, "code": response.unit, "display": response.unit}),
        *(extension(url, kind, number(value)) for url, value in _bounds(response)),
    ]
    places = [] if is_whole else [extension(names.DECIMALS, "Integer", response.decimals)]
    return Shape("integer" if is_whole else "decimal", [*bounds, *places], {}, [])


def _bounds(response: Quantity) -> Iterator[tuple[str, float]]:
    yield names.MINIMUM, response.minimum
    yield names.MAXIMUM, response.maximum


def number(value: float) -> int | float:
    """A number as JSON writes it: without an idle decimal."""
    return int(value) if float(decimal(value)).is_integer() else value


def _day(_asked: Asked, response: Day) -> Shape:
    bounds = [(names.MINIMUM, response.earliest), (names.MAXIMUM, response.latest)]
    extensions = [extension(url, "Date", day) for url, day in bounds if day is not None]
    return Shape("date", [extension(names.FORMAT, "String", FORMATS[response.precision]), *extensions], {}, [])


def _words(_asked: Asked, response: Words) -> Shape:
    return Shape({"short": "string", "long": "text"}[response.length], [], {"maxLength": response.at_most}, [])


SHAPES: Final[Mapping[type[ResponseScale], Callable[[Asked, Any], Shape]]] = {
    Choice: _choice,
    Rating: _rating,
    Vas: _vas,
    Multiple: _multiple,
    Ranking: _ranking,
    Quantity: _number,
    Day: _day,
    Words: _words,
}
