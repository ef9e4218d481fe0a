"""Worked cases of an instrument: answers and the scores that they must give, from the manual or by hand."""

from collections.abc import Iterator, Mapping
from functools import partial

from pydantic import ConfigDict, Field, RootModel

from app.questionnaires.answers import value_of
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, Frozen, ItemId, Measure, ScaleId, Text
from app.questionnaires.schema import Finding, once, parse
from app.questionnaires.sentences import hinted, shown
from app.questionnaires.yaml_source import Node, read


class Case(Frozen):
    """One person's answers and the expected scores; None is a score that must not be computed.

    ``facts`` are known about the person; ``value_set`` is the one that the study chose.
    """

    name: Text
    answers: Mapping[ItemId, Measure]
    facts: Mapping[FactId, float | str] = Field(default_factory=dict)
    value_set: Text | None = None
    scores: Mapping[ScaleId, float | None]


class _Cases(RootModel[tuple[Case, ...]]):
    model_config = ConfigDict(frozen=True, strict=True)


def parse_cases(text: str | bytes, path: str, instrument: Instrument | None) -> tuple[Case, ...]:
    """The cases in the text of a cases file. Raises BrokenFile with every mistake; instrument None: the shape only."""
    checks = (_names_once,) if instrument is None else (_names_once, partial(_fits, instrument=instrument))
    return parse(_Cases, read(text, path), checks).root


def _names_once(root: Node) -> Iterator[Finding]:
    yield from once((case.child("name") for case in root.children.values()), "case")


def _fits(root: Node, instrument: Instrument) -> Iterator[Finding]:
    for case in root.children.values():
        for item, answer in case.child("answers").children.items():
            if item not in instrument.items:
                yield Finding(answer, hinted(f"There is no item {shown(item)}.", item, instrument.items))
            elif (
                isinstance(answer.value, int | float)
                and value_of(instrument.response_of(ItemId(str(item))), f"{answer.value:g}") is None
            ):
                yield Finding(answer, f"{shown(answer.value)} is not an answer to {shown(item)}.")
        for fact, value in case.child("facts").children.items():
            if fact not in instrument.facts:
                yield Finding(value, hinted(f"There is no fact {shown(fact)}.", fact, instrument.facts))
        for scale, score in case.child("scores").children.items():
            if scale not in instrument.scales:
                yield Finding(score, hinted(f"There is no scale {shown(scale)}.", scale, instrument.scales))
