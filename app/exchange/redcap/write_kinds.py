"""How each kind of response scale is a field of REDCap: its type, its choices, its validation and bounds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange.csv_text import neutralised
from app.exchange.numbers import decimal
from app.exchange.texts import Texts
from app.questionnaires.response_scales import (
    Choice,
    Day,
    Multiple,
    Quantity,
    Ranking,
    Rating,
    ResponseScale,
    Vas,
    Words,
)

BAR: Final = "¦"
"""Stands for | in a label, which would begin the next choice."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of a field that follow from its response scale, an action tag, and what they do not say."""

    columns: Mapping[str, str]
    tag: str = ""
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    texts: Texts
    name: str
    language: str

    def label(self, code: int) -> str:
        return self.texts.option(self.name, code)[self.language]

    def ends(self) -> tuple[str, str] | None:
        found = self.texts.ends(self.name)
        return None if found is None else (found[0][self.language], found[1][self.language])


def cells(texts: Texts, name: str, language: str, response: ResponseScale) -> Cells:
    """The columns of a field with this response scale."""
    return CELLS[type(response)](_Asked(texts, name, language), response)


def choices(pairs: Iterable[tuple[int | str, str]]) -> tuple[str, tuple[str, ...]]:
    """Codes and labels in one cell, and what of the labels had to change.

    A blank stands in front of a negative code: a spreadsheet would take the cell for a formula.
    """
    found, losses = [], []
    for code, label in pairs:
        plain = " ".join(label.split()).replace("|", BAR)
        if plain != label:
            losses.append(f"The label of {code} has a bar or a new line, which a choice cannot hold.")
        found.append(f"{code}, {neutralised(plain)}")
    text = " | ".join(found)
    return (f" {text}" if text.startswith("-") else text), tuple(losses)


def _choice(asked: _Asked, response: Choice) -> Cells:
    text, losses = choices((code, asked.label(code)) for code in response.values)
    return Cells({"type": "radio", "choices": text}, losses=losses)


def _rating(asked: _Asked, response: Rating) -> Cells:
    text, losses = choices((code, asked.label(code)) for code in response.values)
    ends = asked.ends()
    note = f"{response.minimum}: {ends[0]}; {response.maximum}: {ends[1]}" if ends else ""
    return Cells({"type": "radio", "choices": text, "note": note}, losses=losses)


def _vas(asked: _Asked, response: Vas) -> Cells:
    low, high = asked.ends() or (str(response.minimum), str(response.maximum))
    text = " | ".join(neutralised(" ".join(one.split()).replace("|", BAR)) for one in (low, "", high))
    bounds = {"minimum": str(response.minimum), "maximum": str(response.maximum)}
    losses = (
        ("A slider has no codes beside it; those that are no answers cannot be chosen.",)
        if response.not_answers
        else ()
    )
    return Cells({"type": "slider", "choices": text, "validation": "number", **bounds}, losses=losses)


def _multiple(asked: _Asked, response: Multiple) -> Cells:
    text, losses = choices((code, asked.label(code)) for code in response.options)
    alone = ",".join(map(str, response.exclusive))
    tags = [f"@NONEOFTHEABOVE='{alone}'"] if alone else []
    tags += [] if response.at_most is None else [f"@MAXCHECKED={response.at_most}"]
    if response.at_least > 0:
        losses = (*losses, f"REDCap does not ask for at least {response.at_least} boxes.")
    return Cells({"type": "checkbox", "choices": text}, " ".join(tags), losses)


def _ranking(asked: _Asked, response: Ranking) -> Cells:
    options = "; ".join(f"{code} = {asked.label(code)}" for code in response.options)
    return Cells(
        {"type": "text", "note": f"{options}. First place first, commas between."},
        losses=("REDCap ranks the rows of a matrix only; the codes are written into a text in order.",),
    )


def _number(_asked: _Asked, response: Quantity) -> Cells:
    validation = {0: "integer", 1: "number_1dp", 2: "number_2dp", 3: "number_3dp", 4: "number_4dp"}
    bounds = {"minimum": decimal(response.minimum), "maximum": decimal(response.maximum)}
    kind = validation.get(response.decimals, "number")
    return Cells({"type": "text", "validation": kind, "note": response.unit, **bounds})


def _day(_asked: _Asked, response: Day) -> Cells:
    if response.precision != "day":
        form = {"year": "YYYY", "month": "YYYY-MM"}[response.precision]
        return Cells({"type": "text", "note": form}, losses=("REDCap has whole dates only; this one is a text.",))
    bounds = {"minimum": response.earliest or "", "maximum": response.latest or ""}
    return Cells({"type": "text", "validation": "date_ymd", **bounds})


def _words(_asked: _Asked, response: Words) -> Cells:
    tag = "" if response.at_most == 1_000 else f"@CHARLIMIT='{response.at_most}'"
    return Cells({"type": {"short": "text", "long": "notes"}[response.length]}, tag)


CELLS: Final[Mapping[type[ResponseScale], Callable[[_Asked, Any], Cells]]] = {
    Choice: _choice,
    Rating: _rating,
    Vas: _vas,
    Multiple: _multiple,
    Ranking: _ranking,
    Quantity: _number,
    Day: _day,
    Words: _words,
}
