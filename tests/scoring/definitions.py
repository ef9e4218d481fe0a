"""Small instruments of numbers as definition files, for the tests of single methods: items a to e, answered 0 to 4."""

from collections.abc import Mapping

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.parse import parse_instrument
from app.scoring.plan import compile_plan
from app.scoring.score import Score, score_one

HEAD = """\
code: numbers
version: "1.0"
title: Numbers
family: Tests
owner: WeShare
licence: {terms: none, contact: nobody}
respondent: self
minutes: 1
facts:
  sex: {title: Sex, values: [female, male]}
  age: {title: Age, minimum: 0, maximum: 120}
response_scales:
  five: {kind: choice, options: [0, 1, 2, 3, 4], not_answers: {9: not-applicable}}
  amount: {kind: number, unit: kg, minimum: 20, maximum: 300, decimals: 1}
items:
  a: {topic: A, response: five}
  b: {topic: B, response: five}
  c: {topic: C, response: five}
  d: {topic: D, response: five}
  e: {topic: E, response: five}
  w: {topic: W, response: amount}
pages:
  - {key: all, items: [a, b, c, d, e, w]}
recodes: {squares: {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}}
tables:
  raw: [[raw, score, se], [0, 30.5, 5.0], [1, 35.1, 4.1], [2, 40.2, 3.2], [3, 44.0, 3.0], [4, 50.3, 2.9],
        [5, 55.0, 3.0], [6, 58.8, 3.1], [7, 63.0, 3.5], [8, 70.1, 5.5]]
  grades: [[f, s, i, result], [0, "*", null, 0], [1, 0, null, 1], [1, "*", null, 2], [2, "*", "*", 3]]
  values: [[term, X, Z], [FullHealth, 1, 1], [A1, -0.1, 0.9], [A2, -0.2, 0.5], [AtLeastOne3, -0.3, 0.8],
           ["=44", 0.05, null]]
  bank: [[item, a, b1, b2, b3, b4], [a, 2, -1.5, -0.5, 0.5, 1.5], [b, 1.5, -1, 0, 1, 2]]
"""
COMMON = "title: T, better: high, "


def defined(*scales: str, steps: tuple[str, ...] = ()) -> Instrument:
    """An instrument with these scales: ``"S: {method: sum, ...}"``; titles and directions are filled in."""
    lines = [f"  {one.replace('{', '{' + COMMON, 1)}" for one in scales]
    above = [f"  {one.replace('{', '{' + COMMON, 1)}" for one in steps]
    text = HEAD + ("steps:\n" + "\n".join(above) + "\n" if above else "") + "scales:\n" + "\n".join(lines) + "\n"
    return parse_instrument(text, "definition.yaml")


def scores(
    instrument: Instrument,
    answers: Mapping[str, float],
    facts: Mapping[str, float | str] | None = None,
    value_set: str | None = None,
) -> dict[str, Score]:
    """One person's scores by name."""
    given = {ItemId(name): value for name, value in answers.items()}
    known = {FactId(name): value for name, value in (facts or {}).items()}
    return {score.scale: score for score in score_one(compile_plan(instrument, value_set), given, known)}


def value(scale: str, answers: Mapping[str, float], **more: str) -> float | None:
    """The value of one scale ``S`` alone."""
    return scores(defined(f"S: {{{scale}}}"), answers, **more)["S"].value  # type: ignore[arg-type]
