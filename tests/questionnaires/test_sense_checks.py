"""What a well-formed definition can still get wrong: each case breaks exactly one rule, told with line and place."""

from collections.abc import Mapping

import pytest

from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.parse import parse_instrument
from app.questionnaires.tables import Table, parse_table
from tests.questionnaires.broken import said
from tests.support.instruments import changed

DEFINITION = """\
code: rich
version: "1.0"
title: A rich instrument
family: Tests
owner: WeShare
licence: {terms: ours, contact: nobody}
respondent: self
minutes: 1
facts:
  sex: {title: Sex, values: [female, male]}
response_scales:
  four: {kind: choice, options: [1, 2, 3, 4]}
  ten: {kind: rating, minimum: 0, maximum: 10}
  words: {kind: text}
items:
  q1: {topic: One, response: four}
  q2: {topic: Two, response: four, ask_if: {answer: q1, gt: 1}, skipped: 1}
  q3: {topic: Three, response: four}
  q4: {topic: Four, response: ten}
  q5: {topic: Five, response: words}
sections: {body: Body}
pages:
  - {key: first, items: [q1, q2], section: body}
  - {key: second, items: [q3, q4, q5], ask_if: {fact: sex, eq: male}}
checks:
  - {key: odd, level: soft, items: [q1], message: Look again., when: {answer: q1, eq: 4}}
recodes: {up: {1: 0, 2: 50, 3: 80, 4: 100}}
tables:
  grades: [[f, s, result], [1, null, 0], [2, 1, 2]]
  raw: [[raw, score], [2, 20], [3, 30], [4, 40], [5, 50], [6, 60], [7, 70], [8, 80]]
steps:
  STEP: {title: Step, better: low, method: count, items: [q1, q3], at: ge, value: 3, missing: all, range: [0, 2]}
scales:
  A: {title: A, better: low, method: sum, items: [q1, q3], missing: all, range: [2, 8]}
  B: {title: B, better: low, method: linear, items: [q1, q2], reversed: false, missing: half,
      unless: {answer: q3, eq: 1}}
  C: {title: C, better: low, method: table, items: [q1, q2], table: raw}
  D: {title: D, better: low, method: lookup, table: grades, keys: {f: q1}, range: [0, 2]}
  E: {title: E, better: low, method: cases, range: [0, 1], otherwise: 0,
      cases: [{when: {score: STEP, ge: 1}, value: 1}]}
  F:
    title: F
    better: low
    method: mean
    items: [q3]
    recode: {up: [q3]}
    missing: all
    range: [0, 100]
    thresholds: [{key: high, title: High, at: ge, value: 50, source: us, status: confirmed}]
"""
SUM = "sum, items: [q1, q3], missing:"
ALL = f"{SUM} all"
SUPPLIED = "method: value-set, table: values, dimensions: {X: q1}"
LOOKUP = "method: lookup, table: grades, keys: {f: q1}, range: [0, 2]"
WRONG = [
    ("items.q2.ask_if", "asked later", "ask_if: {answer: q1, gt: 1}", "ask_if: {answer: q3, gt: 1}"),
    ("items.q2.ask_if", "asked later", "ask_if: {answer: q1, gt: 1}", "ask_if: {answer: q2, gt: 1}"),
    ("items.q2.ask_if", "needs “q3”, which is asked later", "{answer: q1, gt: 1}", "{score: A, gt: 1}"),
    ("items.q2.ask_if", "“q2” is never asked", "{answer: q1, gt: 1}", "{answer: q1, gt: 4}"),
    ("items.q2.ask_if", "never asked", "{answer: q1, gt: 1}", "{and: [{answer: q1, eq: 1}, {answer: q1, eq: 2}]}"),
    ("items.q2.ask_if", "“7” is never the answer of “q1”", "{answer: q1, gt: 1}", "{answer: q1, in: [1, 7]}"),
    ("items.q2.ask_if.answer", "There is no item “q9”", "{answer: q1, gt: 1}", "{answer: q9, gt: 1}"),
    ("items.q2.ask_if", "exactly one of eq, ne", "{answer: q1, gt: 1}", "{answer: q1}"),
    ("items.q2.ask_if", "exactly one of answer, score", "{answer: q1, gt: 1}", "{answer: q1, score: A, gt: 1}"),
    ("items.q2.ask_if.gtt", "Known here: answer, score", "{answer: q1, gt: 1}", "{answer: q1, gtt: 1, gt: 1}"),
    ("items.q2.ask_if.and.1.gtt", "is not known", "{answer: q1, gt: 1}", "{and: [{answer: q1, gt: 1, gtt: 1}]}"),
    ("items.q2.skipped", "“5” is not an answer to “q2”", "skipped: 1", "skipped: 5"),
    ("items.q2.skipped", "never skipped", "ask_if: {answer: q1, gt: 1}, skipped: 1", "skipped: 1"),
    ("pages.2.ask_if", "“men” is never the fact of “sex”", "{fact: sex, eq: male}", "{fact: sex, eq: men}"),
    ("pages.2.ask_if.fact", "There is no fact “six”. Did you mean “sex”?", "fact: sex, eq", "fact: six, eq"),
    ("pages.1.section", "There is no section “bdy”", "section: body", "section: bdy"),
    ("sections.body", "has no page", ", section: body", ""),
    ("checks.1.when", "“9” is never the answer", "{answer: q1, eq: 4}", "{answer: q1, eq: 9}"),
    ("checks.1.when", "the check never says anything", "{answer: q1, eq: 4}", "{answer: q1, gt: 4}"),
    ("checks.1.items.1", "There is no item “q9”", "soft, items: [q1]", "soft, items: [q9]"),
    ("scales.STEP", "The name “STEP” is already given", "  A: {title: A", "  STEP: {title: A"),
    ("scales.A.items.2", "There is no item “q9”", "sum, items: [q1, q3]", "sum, items: [q1, q9]"),
    ("scales.A", "no numbers", "method: sum, items: [q1, q3]", "method: sum, items: [q1, q5]"),
    ("scales.A.range", "the sources reach 2 to 8", "missing: all, range: [2, 8]", "missing: all, range: [0, 8]"),
    ("scales.A.missing", "3 answers are needed and there are 2", ALL, f"{SUM} {{at_least: 3}}"),
    ("scales.A.missing", "exactly one of", ALL, f"{SUM} {{at_least: 1, share_above: 0.5}}"),
    ("scales.A.missing", "'half', 'more-than-half', 'all'", ALL, f"{SUM} most"),
    ("scales.A", "The method must be one of these words", "method: sum", "method: summ"),
    ("scales.A.better", "“better” is missing", "A: {title: A, better: low,", "A: {title: A,"),
    ("scales.A.range", "“range” is missing", "missing: all, range: [2, 8]}", "missing: all}"),
    ("scales.B", "1 to 4 (“q1”) and 0 to 10 (“q4”)", "linear, items: [q1, q2]", "linear, items: [q1, q4]"),
    ("scales.B.unless", "always true", "{answer: q3, eq: 1}", "{answer: q3, in: [1, 2, 3, 4]}"),
    ("scales.B.only_if", "never be true", "unless: {answer: q3, eq: 1}", "only_if: {answer: q3, gt: 4}"),
    ("scales.C", "no row for the raw score 2", "[raw, score], [2, 20], ", "[raw, score], "),
    ("scales.C.table", "There is no table “row”. Did you mean “raw”?", "table: raw}", "table: row}"),
    ("scales.C", "numbers that rise", "[3, 30], [4, 40]", "[4, 40], [3, 30]"),
    ("scales.C", "no column “score”", "[raw, score]", "[raw, t]"),
    ("scales.D", "no column “x”", "keys: {f: q1}", "keys: {x: q1}"),
    ("scales.D", "No row of “grades” has just these columns filled: s.", "keys: {f: q1}", "keys: {s: q1}"),
    ("scales.D.keys.f", "There is no item or scale “q9”", "keys: {f: q1}", "keys: {f: q9}"),
    ("scales.D.range", "the values go from 0 to 2", "keys: {f: q1}, range: [0, 2]", "keys: {f: q1}, range: [0, 1]"),
    ("scales.D", "The column result of “grades” holds numbers only.", "[1, null, 0]", "[1, null, none]"),
    ("scales.D", "The column f of “grades” holds numbers, and “one”", "[1, null, 0]", "[one, null, 0]"),
    ("scales.C", "The column score of “raw” holds numbers only.", "[3, 30]", "[3, thirty]"),
    ("scales.D", "The column DE of “values” holds numbers, and “0,3”", LOOKUP, SUPPLIED),
    ("tables.grades", "as many cells as the first", "[1, null, 0]", "[1, null]"),
    ("scales.E.cases.1.when.score", "There is no score “STOP”", "{score: STEP, ge: 1}", "{score: STOP, ge: 1}"),
    ("scales.E", "E → E", "{score: STEP, ge: 1}", "{score: E, ge: 1}"),
    ("scales.E.cases.1.when", "never be true", "{when: {score: STEP, ge: 1}", "{when: {answer: q1, gt: 7}"),
    ("scales.F.recode.up", "There is no recode “up”", "recodes: {up:", "recodes: {down:"),
    ("scales.F.recode.up", "no value for “2”, an answer to “q3”", "{1: 0, 2: 50, 3: 80,", "{1: 0, 3: 80,"),
    ("scales.F", "Only items of the scale", "recode: {up: [q3]}", "recode: {up: [q3]}\n    reverse: [q1]"),
    ("scales.F", "reversed or recoded once", "recode: {up: [q3]}", "recode: {up: [q3]}\n    reverse: [q3]"),
    ("scales.F.thresholds.1", "200 lies outside 0 to 100", "value: 50", "value: 200"),
    ("scales.D", "terms that are not known: X9y", LOOKUP, SUPPLIED),
]  # fmt: skip
TABLES: Mapping[str, Table] = {"values": Table((("term", "FR", "DE"), ("X2", -0.1, "0,3"), ("X9y", 0.2, None)))}


def test_the_whole_definition_is_sound() -> None:
    assert "rich@1.0" == parse_instrument(DEFINITION, "definition.yaml", tables=TABLES).key


@pytest.mark.parametrize(("where", "words", "old", "new"), WRONG)
def test_a_mistake_of_sense_is_told_with_its_line_and_place(where: str, words: str, old: str, new: str) -> None:
    """Every rule was seen failing here once: without it the broken definition was taken."""
    broken = changed(DEFINITION, old, new)
    found = said(lambda: parse_instrument(broken, "definition.yaml", tables=TABLES))
    assert [where] == sorted({place for _line, place, _message in found})
    assert any(words in message for _line, _place, message in found), found
    named = where.split(".")[1]
    lines = broken.splitlines()
    line = found[0][0]
    near = "\n".join(lines[max(line - 12, 0) : line])
    assert named in near or named.isdigit()


def test_a_circle_of_scales_is_told_once_and_nothing_else_about_it() -> None:
    broken = changed(DEFINITION, "method: sum, items: [q1, q3]", "method: sum, scales: [B]")
    broken = changed(broken, "linear, items: [q1, q2]", "linear, scales: [A]")
    ((_line, where, message),) = said(lambda: parse_instrument(broken, "definition.yaml", tables=TABLES))
    assert ("scales.A", True) == (where, "A → B → A" in message)


def test_a_table_stands_in_one_place() -> None:
    tables = {**TABLES, "raw": TABLES["values"]}
    ((_line, where, message),) = said(lambda: parse_instrument(DEFINITION, "definition.yaml", tables=tables))
    assert ("tables.raw", True) == (where, "raw.csv as well" in message)


def test_pages_of_a_section_follow_each_other() -> None:
    broken = changed(DEFINITION, "pages:\n", "pages:\n  - {key: zero, items: [q0], section: mind}\n")
    broken = changed(broken, "{body: Body}", "{body: Body, mind: Mind}")
    broken = changed(broken, "items:\n  q1", "items:\n  q0: {topic: Zero, response: four}\n  q1")
    broken = changed(broken, "eq: male}}", "eq: male}, section: mind}")
    ((_line, where, message),) = said(lambda: parse_instrument(broken, "definition.yaml", tables=TABLES))
    assert ("pages.3.section", True) == (where, "was left before this page" in message)


IRT = "method: irt, items: [q1], missing: all, bank: bank"


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("The slope a of “q1” is a number above 0.", "[q1, 0, -1, 0, 1]"),
        ("The slope a of “q1” is a number above 0.", "[q1, steep, -1, 0, 1]"),
        ("The thresholds b of “q1” are numbers that rise.", "[q1, 1, 0, -1, 1]"),
        ("“q1” has 4 answers and needs one threshold fewer, not 2.", "[q1, 1, -1, 0, null]"),
        ("“bank” has two rows for “q1”.", "[q1, 1, -1, 0, 1], [q1, 1, -1, 0, 1]"),
        ("“bank” has no row for “q1”.", "[q2, 1, -1, 0, 1]"),
    ],
)
def test_a_bank_fits_its_items(words: str, row: str) -> None:
    """Seen failing when a wrong bank was only noticed at the first score."""
    broken = changed(DEFINITION, "  raw: [[raw", f"  bank: [[item, a, b1, b2, b3], {row}]\n  raw: [[raw")
    broken = changed(broken, LOOKUP, IRT)
    found = said(lambda: parse_instrument(broken, "definition.yaml", tables=TABLES))
    assert [("scales.D", words)] == [(where, message) for _line, where, message in found]


HOSTILE_TABLES = [
    ("t.csv:2: raw: Write plain text: “<s” looks like markup", "raw,score\n<script>,1\n"),
    ("t.csv:1: {{x}}: Write plain text: “{{” looks like markup", "raw,{{x}}\n1,1\n"),
    ("t.csv:3: score: “nan” is not a number up to 1000000.", "raw,score\n1,1\n2,nan\n"),
    ("t.csv:2: score: “1e300” is not a number up to 1000000.", "raw,score\n1,1e300\n"),
    ("t.csv:2: score: There is an invisible character (U+0000) here.", "raw,score\n1,\0002\n"),
]


@pytest.mark.parametrize(("told", "text"), HOSTILE_TABLES)
def test_a_hostile_table_is_refused_by_line(told: str, text: str) -> None:
    """Seen failing: markup ended the whole program, and nan was dropped without a word."""
    with pytest.raises(BrokenFile) as broken:
        parse_table(text.encode(), "t.csv")
    assert str(broken.value).startswith(told)
