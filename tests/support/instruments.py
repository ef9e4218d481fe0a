"""A tiny instrument of our own, as the files a person writes and as the objects they become.

Three items: two on a four-option choice (page "body", scale PF), one on a rating from 1 to 7 (page "whole", scale QL).
"""

from pathlib import Path

from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import Wording, parse_wording

DEFINITION = """\
code: tiny
version: "1.0"
title: A tiny instrument
family: Tests
owner: WeShare
licence:
  terms: ours
  contact: nobody
respondent: self
minutes: 1
recall_periods:
  week: The last seven days
response_scales:
  four: {kind: choice, options: [1, 2, 3, 4]}
  seven: {kind: rating, minimum: 1, maximum: 7}
items:
  q1: {topic: Stairs, response: four}
  q2: {topic: Walking, response: four, recall: week}
  q3: {topic: Life on the whole, response: seven, recall: week}
pages:
  - {key: body, items: [q1, q2]}
  - {key: whole, items: [q3]}
scales:
  PF: {title: Moving, items: [q1, q2], method: linear, reversed: true, missing: half, better: high}
  QL: {title: Life, items: [q3], method: linear, reversed: false, missing: half, better: high}
"""

WORDING = """\
instrument: tiny
version: "1.0"
language: en
wording_version: "1"
provenance: {kind: own, author: WeShare, date: 2026-01-31}
title: How you move
introduction: Three short questions.
thanks: Thank you.
recall_periods:
  week: In the last seven days
response_scales:
  four: {options: {1: Easy, 2: A little hard, 3: Hard, 4: Impossible}}
  seven: {low: Very bad, high: Very good}
pages:
  body: Moving
  whole: Life
items:
  q1: How are stairs for you?
  q2: How was walking?
  q3: How was life on the whole?
scales:
  PF: {name: Moving, explanation: Stairs and walking, low: Cannot move, high: Moves freely}
  QL: {name: Life, explanation: Life on the whole, low: Very bad, high: Very good}
"""

CASES = """\
- name: everything easy
  answers: {q1: 1, q2: 1, q3: 7}
  scores: {PF: 100, QL: 100.0}
- name: nothing about life
  answers: {q1: 4, q2: 4}
  scores: {PF: 0, QL: null}
"""


def changed(text: str, old: str, new: str) -> str:
    """The text with one passage replaced; a passage that is not there, or there twice, is a mistake of the test."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def wording_text(language: str = "en") -> str:
    """The wording file in that language; the words themselves stay English."""
    return changed(WORDING, "language: en", f'language: "{language}"')


def tiny_instrument() -> Instrument:
    """The instrument of the definition file: ``tiny@1.0``."""
    return parse_instrument(DEFINITION, "definition.yaml")


def tiny_wording(language: str = "en") -> Wording:
    """Its wording in that language."""
    return parse_wording(wording_text(language), f"wording.{language}.yaml", tiny_instrument())


def write_instrument(root: Path, languages: tuple[str, ...] = ("en", "fr")) -> Path:
    """Write all files of the instrument under a folder of instruments; returns its own folder, ``tiny/1.0``."""
    folder = root / "tiny" / "1.0"
    folder.mkdir(parents=True)
    (folder / "definition.yaml").write_text(DEFINITION, encoding="utf-8")
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    for language in languages:
        (folder / f"wording.{language}.yaml").write_text(wording_text(language), encoding="utf-8")
    return folder
