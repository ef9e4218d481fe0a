"""What nobody can ever answer is found by trying; what somebody can is never refused."""

import pytest

from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.parse import parse_instrument

DEFINITION = """\
code: worlds
version: "1.0"
title: Worlds
family: Tests
owner: WeShare
licence: {{terms: ours, contact: nobody}}
respondent: self
minutes: 1
facts:
  age: {{title: Age, minimum: 18, maximum: 100}}
response_scales:
  four: {{kind: choice, options: [1, 2, 3, 4]}}
  kilos: {{kind: number, unit: kg, minimum: 20, maximum: 300, decimals: 1}}
  several: {{kind: multiple, options: [1, 2, 3, 0], exclusive: [0], at_most: 2}}
  day: {{kind: date}}
items:
  q1: {{topic: One, response: four}}
  q2: {{topic: Two, response: four, ask_if: {{answer: q1, eq: 1}}}}
  q3: {{topic: Three, response: four, ask_if: {{answer: q1, eq: 2}}}}
  q4: {{topic: Four, response: kilos}}
  q5: {{topic: Five, response: several}}
  q6: {{topic: Six, response: day}}
  q7: {{topic: Seven, response: four, ask_if: {condition}}}
pages:
  - {{key: first, items: [q1, q2, q3, q4, q5, q6]}}
  - {{key: second, items: [q7]}}
scales:
  A: {{title: A, better: low, method: sum, items: [{items}], missing: {missing}, range: [{ends}]}}
"""
ANYBODY = "{answer: q1, gt: 1}"


def mistakes(condition: str = ANYBODY, items: str = "q1", missing: str = "all") -> list[tuple[str, str]]:
    count = items.count("q")
    text = DEFINITION.format(condition=condition, items=items, missing=missing, ends=f"{count}, {count * 4}")
    try:
        parse_instrument(text, "definition.yaml")
    except BrokenFile as broken:
        return [(one.where, one.message) for one in broken.mistakes]
    return []


@pytest.mark.parametrize(
    "condition",
    [
        "{and: [{answer: q2, eq: 1}, {answer: q1, eq: 2}]}",
        "{and: [{answer: q2, ge: 1}, {answer: q3, ge: 1}]}",
        "{and: [{answer: q1, eq: 4}, {answer: q2, answered: true}]}",
        "{answer: q4, gt: 300}",
        "{and: [{answer: q4, gt: 40}, {answer: q4, lt: 40.1}]}",
        "{and: [{answer: q5, eq: 0}, {answer: q5, eq: 1}]}",
        "{and: [{answer: q5, eq: 1}, {answer: q5, eq: 2}, {answer: q5, eq: 3}]}",
        "{fact: age, lt: 18}",
        "{score: A, gt: 4}",
        "{and: [{answer: q6, answered: true}, {answer: q6, answered: false}]}",
    ],
)
def test_a_question_that_no_way_leads_to_is_a_mistake(condition: str) -> None:
    """Seen failing while only codes of choices were tried, and the questions before were thought to be always asked."""
    assert [("items.q7.ask_if", "This can never be true, so “q7” is never asked.")] == mistakes(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "{and: [{answer: q2, eq: 1}, {answer: q1, eq: 1}]}",
        "{or: [{answer: q2, ge: 1}, {answer: q3, ge: 1}]}",
        "{and: [{answer: q1, eq: 4}, {answer: q2, answered: false}]}",
        "{answer: q4, ge: 300}",
        "{and: [{answer: q4, gt: 40}, {answer: q4, lt: 40.2}]}",
        "{and: [{answer: q5, eq: 1}, {answer: q5, eq: 2}]}",
        "{and: [{answer: q5, eq: 1}, {answer: q5, ne: 2}]}",
        "{fact: age, le: 18}",
        "{score: A, ge: 4}",
        "{answer: q6, answered: true}",
    ],
)
def test_a_question_that_somebody_is_asked_is_none(condition: str) -> None:
    """Seen failing when two options of a multiple choice were thought to exclude each other."""
    assert [] == mistakes(condition)


def test_a_number_outside_its_bounds_is_told_as_such() -> None:
    assert ("items.q7.ask_if", "“301” is never the answer of “q4”.") in mistakes("{answer: q4, eq: 301}")


def test_a_scale_over_questions_that_exclude_each_other_is_never_computed() -> None:
    """Seen failing when each item was looked at alone."""
    told = "2 answers are needed, and nobody is asked more than 1: never computed."
    assert [("scales.A.missing", told)] == mistakes(items="q2, q3")
    assert [] == mistakes(items="q2, q3", missing="any")
    assert [] == mistakes(items="q1, q2")
