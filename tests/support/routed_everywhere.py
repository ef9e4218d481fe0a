"""One small instrument with every way of routing: by page, code, list, "not", score and fact."""

from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument

DEFINITION = """\
code: routed
version: "1.0"
title: Every way
family: Tests
owner: WeShare
licence: {terms: ours, contact: nobody}
respondent: self
minutes: 1
response_scales:
  four: {kind: choice, options: [1, 2, 3, 4]}
  eight: {kind: choice, options: [0, 1, 2], not_answers: {9: prefer-not-to-answer}}
  many: {kind: multiple, options: [1, 2, 3], exclusive: [3]}
items:
  q1: {topic: First, response: four}
  q2: {topic: Opened by more than 1, response: four, ask_if: {answer: q1, gt: 1}, skipped: 1}
  q3: {topic: Not opened by 4, response: eight, ask_if: {answer: q1, ne: 4}}
  q4: {topic: Two together, response: many, ask_if: {and: [{answer: q1, eq: 2}, {answer: q2, in: [1]}]}}
  q5: {topic: Opened by one of two, response: four, ask_if: {or: [{answer: q3, eq: 2}, {answer: q1, eq: 4}]}}
  q6: {topic: Opened by an option, response: four, ask_if: {answer: q4, eq: 2}}
  q7: {topic: Opened by a score, response: four}
pages:
  - {key: first, items: [q1, q2, q3, q4]}
  - {key: second, items: [q5, q6], ask_if: {not: {answer: q3, answered: false}}}
  - {key: third, items: [q7], ask_if: {score: BURDEN, ge: 50}}
scales:
  BURDEN: {title: Burden, better: low, method: linear, reversed: false, items: [q1, q2], missing: half}
  TURNED: {title: Turned, better: high, method: prorated, items: [q1, q5], reverse: [q5], missing: half, range: [2, 8]}
"""


def instrument() -> Instrument:
    """The instrument, read anew."""
    return parse_instrument(DEFINITION, "definition.yaml")
