"""Dictionaries of others: logic, calculations, every field type, other forms and events, broken and hostile files."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.csv_text import restored
from app.exchange.notes import Imported, Unreadable
from app.exchange.redcap import columns, read, write
from app.exchange.redcap.columns import Row
from app.exchange.redcap.grammar import Field, NotUnderstood, tree
from app.exchange.redcap.read_logic import Asked, condition
from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import parse_wording
from tests.support.instruments import tiny_instrument, tiny_wording
from tests.support.made_instruments import instruments

TODAY = date(2026, 11, 26)
HEADER = columns.written([])
CODES = {"1": 1, "2": 2, "3": 3}


def asked(field: Field) -> Asked:
    """Three fields: a choice, a number, boxes."""
    known = {
        "q1": Asked("answer", "q1", CODES),
        "n": Asked("answer", "n", {}),
        "boxes": Asked("answer", "boxes", CODES, is_several=True),
    }
    if field.name not in known or field.event:
        raise NotUnderstood("unknown")
    return known[field.name]


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("[q1] = '1'", {"answer": "q1", "eq": 1}),
        ('[q1]="1"', {"answer": "q1", "eq": 1}),
        ("'1' = [q1]", {"answer": "q1", "eq": 1}),
        ("[q1] = '1' or [q1] = '2'", {"answer": "q1", "in": [1, 2]}),
        ("[q1] <> ''", {"answer": "q1", "answered": True}),
        ("[q1] = ''", {"answer": "q1", "answered": False}),
        ("[q1] <> '' and [q1] > 1", {"answer": "q1", "gt": 1}),
        ("[q1] <> '1'", {"or": [{"answer": "q1", "ne": 1}, {"answer": "q1", "answered": False}]}),
        ("[q1] != '1' && [q1] != ''", {"answer": "q1", "ne": 1}),
        ("5 < [n]", {"answer": "n", "gt": 5}),
        ("[n] >= -2.5", {"answer": "n", "ge": -2.5}),
        ("[boxes(2)] = '1'", {"answer": "boxes", "eq": 2}),
        ("[boxes(2)] = '0'", {"or": [{"not": {"answer": "boxes", "eq": 2}}, {"answer": "boxes", "answered": False}]}),
        ("[n] > 1 AND ([q1] = '1' OR [q1] = '2')", {"and": [{"answer": "n", "gt": 1}, {"answer": "q1", "in": [1, 2]}]}),
    ],
)
def test_branching_logic_is_read_with_redcaps_meaning_of_a_blank(logic: str, expected: Any) -> None:
    assert expected == condition(logic, asked)


BAD_LOGIC = """
[q1]
[q1] = [n]
datediff([a],[b],'d') > 3
[q1] = '9'x
[nowhere]='1'
[q1](1)
[boxes]='1'
((((
[q1] ==
[q1(1)] = '1'
'a' = 'b'
[event][q1]='1'
__import__('os')
[boxes(7)]='1'"""
NESTED, LONG = "(" * 500 + "[q1]='1'" + ")" * 500, "[q1]='1' or " * 10_000


@pytest.mark.parametrize("logic", [*BAD_LOGIC.splitlines(), NESTED, LONG])
def test_logic_that_is_not_understood_is_refused_and_never_run(logic: str) -> None:
    with pytest.raises(NotUnderstood):
        condition(logic, asked)


@settings(max_examples=300)
@given(st.text(alphabet="[]()'\"<>=!&|andor q1n.-+*/,^ifsum\n{}é", max_size=60))
def test_no_expression_whatever_is_more_than_refused(text: str) -> None:
    with suppress(NotUnderstood):
        tree(text)


def dictionary(*rows: Row) -> Imported:
    """What is read of a dictionary with these fields behind the record's name; its files are sound."""
    found = read.instruments(columns.written([Row("record_id", rows[0].form, label="Record"), *rows]), TODAY)
    for folder in found.folders:
        parse_instrument(folder.files["definition.yaml"], "definition.yaml", (folder.code, folder.version))
    return found


def first(found: Imported) -> Instrument:
    """The first instrument."""
    return parse_instrument(found.folders[0].files["definition.yaml"], "definition.yaml")


def said(found: Imported) -> str:
    """All notes."""
    return "\n".join(map(str, found.notes))


def test_every_field_type_of_redcap_is_read_or_told() -> None:
    choices = "1, One | 2, Two | 3, Three"
    found = dictionary(
        Row("a", "form", "Page one", "radio", "A", choices),
        Row("b", "form", type="dropdown", label="B", choices="x, Ex | y, Why"),
        Row("c", "form", type="yesno", label="C"),
        Row("d", "form", type="checkbox", label="D", choices=choices, annotation="@NONEOFTHEABOVE='3' @MAXCHECKED=2"),
        Row("e", "form", "Page two", "slider", "E", "Low | Middle | High"),
        Row("f", "form", label="F", validation="number_2dp", minimum="0", maximum="9.5", note="kg"),
        Row("g", "form", label="G", validation="date_dmy", minimum="2020-01-31"),
        Row("h", "form", type="notes", label="H", required="y", number="7b"),
        Row("i", "form", label="I", validation="email"),
        Row("j", "form", type="file", label="J"),
        Row("k", "form", type="descriptive", label="K"),
        Row("l", "form", label="L", identifier="y"),
        Row("m", "form", type="whatever", label="M"),
    )
    one = first(found)
    kinds = {name: one.response_of(name).kind for name in one.items}
    wanted = {
        "a": "choice",
        "b": "choice",
        "c": "choice",
        "d": "multiple",
        "e": "vas",
        "f": "number",
        "g": "date",
        "h": "text",
        "i": "text",
    }
    assert wanted == kinds
    assert [("a", "b", "c", "d"), ("e", "f", "g", "h", "i")] == [page.items for page in one.pages]
    told = {note.where for note in found.notes}
    assert {"b", "e", "i", "j", "k", "l", "m"} <= told
    assert not {"a", "c", "d", "f", "g", "h"} & told


def test_fields_of_other_events_and_forms_become_facts_that_are_named() -> None:
    """Seen failing when the event in front was read as a field."""
    found = dictionary(
        Row("sex", "enrolment", type="radio", label="Sex", choices="1, Female | 2, Male"),
        Row("age", "enrolment", label="Age", validation="integer", minimum="18", maximum="99", note="a"),
        Row("q1", "visit", label="Q1", logic="[baseline_arm_1][sex] = '2' and [age] > 50"),
        Row("q2", "visit", label="Q2", logic="[event-name][q1] <> ''"),
    )
    assert ["enrolment", "visit"] == [folder.code for folder in found.folders]
    visit = parse_instrument(found.folders[1].files["definition.yaml"], "definition.yaml")
    assert {"baseline_arm_1__sex": ("Female", "Male"), "age": None} == {
        name: one.values for name, one in visit.facts.items()
    }
    assert "baseline_arm_1" in said(found)
    assert "ask_if" in found.folders[1].files["definition.yaml"].split("q2:")[1]


def test_sums_and_means_become_scores_and_other_calculations_are_told() -> None:
    choices = "0, No | 1, Yes"
    rows = [Row(f"q{n}", "form", type="radio", label=f"Q{n}", choices=choices) for n in (1, 2, 3)]
    calculations = {
        "total": "[q1] + [q2] + [q3]", "any_of": "sum([q1], [q2])", "average": "round(mean([q1],[q2],[q3]), 1)",
        "third": "([q1]+[q2]+[q3])/3", "strange": "datediff([q1], 'today', 'y')", "twice": "[q1]+[q1]",
    }  # fmt: skip
    found = dictionary(
        *rows, *(Row(name, "form", type="calc", label=name, choices=text) for name, text in calculations.items())
    )
    one = first(found)
    assert {"total": "sum", "any_of": "sum", "average": "mean", "third": "mean"} == {
        name: s.method for name, s in one.scales.items()
    }
    assert {"strange", "twice"} <= {note.where for note in found.notes}
    assert "cases.yaml" in found.folders[0].files


def test_a_form_that_was_changed_in_redcap_is_read_from_its_columns() -> None:
    """Seen failing when the annotations were believed whatever the columns said."""
    rows, _notes = write.rows_of(tiny_instrument(), tiny_wording())
    changed = next(row for row in rows if row.name == "q2")
    changed.label, changed.choices = "Changed?", "1, A | 2, B | 3, C | 4, D | 5, E"
    found = read.instruments(columns.written(rows), TODAY)
    one = first(found)
    assert (1, 2, 3, 4, 5) == one.response_of(one.order[1]).values  # type: ignore[union-attr]
    assert "q2" in said(found)
    assert "Changed?" in found.folders[0].files["wording.en.yaml"]


def test_no_cell_of_a_dictionary_is_a_formula_and_every_text_is_as_it_was() -> None:
    text = columns.written([Row("a", "f", "=1+1", "radio", "@SUM(A1)", " -1, '=x | 2, '+y", "-note", annotation="+a")])
    assert b'"=' not in text
    assert b'"@' not in text
    assert b'"-' not in text
    row = columns.read(text)[0]
    assert ("=1+1", "@SUM(A1)", "-note", "+a") == (row.section, row.label, row.note, row.annotation)
    assert "=x" == restored("'=x")


@settings(max_examples=60)
@given(instruments())
def test_no_logic_begins_like_a_formula(instrument: Instrument) -> None:
    rows, _notes = write.rows_of(instrument, None)
    assert not [cell for row in rows for cell in (row.logic, row.choices) if cell[:1] and cell[0] in "=+-@\t\r"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "dictionary"),
        (b"\xff\xfe", "UTF-8"),
        (b'"a', "CSV"),
        (b"a,b\n1,2\n", "18 columns"),
        (b"x" * 10_000_001, "10 MB"),
        (HEADER, "no field"),
        (HEADER + b"a,b\n", "row 2"),
        (HEADER + b"a" * 200_000, "CSV"),
    ],
)  # fmt: skip
def test_what_is_no_dictionary_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read.instruments(content, TODAY)
    assert sentence in str(refused.value)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "1, A | 2, B",
            "radio",
            "calc",
            "slider",
            "[q1]='1'",
            "y",
            "WeShare {}",
            'WeShare {"instrument":{}}',
            "integer",
            "1",
        ]
    ),
)


@settings(max_examples=150)
@given(st.lists(st.lists(CELLS, min_size=18, max_size=18), min_size=1, max_size=4))
def test_no_cells_whatever_are_more_than_refused(cells: list[list[str]]) -> None:
    rows = [Row(**dict(zip(columns.COLUMNS, one, strict=True))) for one in cells]
    with suppress(Unreadable):
        dictionary(*rows)


@settings(max_examples=150)
@given(st.data())
def test_a_dictionary_of_ours_with_anything_in_any_cell_is_read_or_refused(data: st.DataObject) -> None:
    rows, _notes = write.rows_of(tiny_instrument(), tiny_wording())
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(columns.COLUMNS))
    before, after = getattr(row, column), data.draw(CELLS)
    setattr(row, column, after)
    try:
        found = read.instruments(columns.written(rows), TODAY)
    except Unreadable:
        return
    assert found.notes or before.strip() == after.strip() or says(found) == [cells(one) for one in rows]


def says(found: Imported) -> list[list[str]]:
    """What WeShare would write for what was read."""
    files = found.folders[0].files
    wording = parse_wording(files["wording.en.yaml"], "wording", first(found))
    return [cells(row) for row in write.rows_of(first(found), wording)[0]]


def cells(row: Row) -> list[str]:
    """The cells of a row, without blanks at their ends."""
    return [getattr(row, name).strip() for name in columns.COLUMNS]
