"""A questionnaire with a branch, installed under the key that the small world's protocol asks for.

q1 opens q2 on the same page and q3 on the next one; q4 is asked of everybody. q1 may be told not to apply (9).
The scale G looks at a fact that nobody here knows.
"""

from pathlib import Path

KEY = "weshare-core@1.0"

DEFINITION = """\
code: weshare-core
version: "1.0"
title: A branch
family: Tests
owner: WeShare
licence: {terms: ours, contact: nobody}
respondent: self
minutes: 1
facts:
  sex: {title: Sex, values: [female, male]}
response_scales:
  four: {kind: choice, options: [1, 2, 3, 4], not_answers: {9: not-applicable}}
  seven: {kind: rating, minimum: 1, maximum: 7}
items:
  q1: {topic: Pain, response: four}
  q2: {topic: Place of pain, response: four, ask_if: {answer: q1, gt: 1}, skipped: 1}
  q3: {topic: Medicine, response: four, ask_if: {answer: q1, gt: 1}}
  q4: {topic: Life on the whole, response: seven}
pages:
  - {key: pain, items: [q1, q2]}
  - {key: more, items: [q3]}
  - {key: whole, items: [q4]}
scales:
  PA: {title: Pain, items: [q1, q2], method: linear, reversed: false, missing: all, better: low}
  QL: {title: Life, items: [q4], method: linear, reversed: false, missing: half, better: high}
  G: {title: Gated, items: [q4], method: sum, missing: all, range: [1, 7], better: high, only_if: {fact: sex, eq: male}}
"""

WORDING = """\
instrument: weshare-core
version: "1.0"
language: LANGUAGE
wording_version: "1"
provenance: {kind: own, author: WeShare, date: 2026-01-31}
title: Pain
introduction: Four short questions.
thanks: Thank you.
response_scales:
  four: {options: {1: None, 2: A little, 3: Much, 4: Very much, 9: Not for me}}
  seven: {low: Very bad, high: Very good}
pages: {pain: Pain, more: More, whole: Life}
items: {q1: Did you have pain?, q2: Was it in the back?, q3: Did medicine help?, q4: How was life?}
scales:
  PA: {name: Comfort, explanation: Pain, low: Pain, high: No pain}
  QL: {name: Life, explanation: Life, low: Very bad, high: Very good}
  G: {name: Gated, explanation: Gated, low: Low, high: High}
"""

CASES = """\
- name: no pain, and a good life
  answers: {q1: 1, q2: 1, q4: 7}
  facts: {sex: female}
  scores: {PA: 0, QL: 100, G: null}
"""


def install(root: Path, definition: str = DEFINITION) -> Path:
    """Write its files into a folder of instruments; returns that folder."""
    folder = root / "weshare-core" / "1.0"
    folder.mkdir(parents=True)
    (folder / "definition.yaml").write_text(definition, encoding="utf-8")
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    for language in ("en", "fr"):
        text = WORDING.replace("LANGUAGE", language)
        (folder / f"wording.{language}.yaml").write_text(text, encoding="utf-8")
    return root
