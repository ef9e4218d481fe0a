"""An instrument goes out as a LimeSurvey survey and comes back; surveys of others are read, and what is not is told."""

from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.exchange.limesurvey import columns, expressions, read, write
from app.exchange.limesurvey.columns import Row
from app.exchange.notes import Imported, Unreadable
from app.exchange.redcap.grammar import Field, NotUnderstood, tree
from app.exchange.redcap.write import rows_of
from app.questionnaires import library
from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import Wording, parse_wording
from tests.support.instruments import tiny_instrument, tiny_wording
from tests.support.made_instruments import instruments, wordings

LIBRARY = library.load(ROOT / "instruments")
TODAY = date(2026, 11, 26)


def back(imported: Imported) -> tuple[Instrument, dict[str, Wording]]:
    """The instrument and all wordings in the files that an import would write."""
    files = imported.folders[0].files
    instrument = parse_instrument(files["definition.yaml"], "definition.yaml")
    languages = [name.split(".")[1] for name in files if name.startswith("wording")]
    return instrument, {
        one: parse_wording(files[f"wording.{one}.yaml"], "wording", instrument, one) for one in languages
    }


@pytest.mark.parametrize("key", LIBRARY.keys)
def test_every_instrument_of_the_library_comes_back_as_it_was(key: str) -> None:
    texts = {one: LIBRARY.wording(key, one) for one in LIBRARY.languages(key)}
    imported = read.instrument(write.survey(LIBRARY.instrument(key), texts).content, TODAY)
    assert () == imported.notes
    assert (LIBRARY.instrument(key), texts) == back(imported)


@settings(max_examples=60)
@given(st.data())
def test_made_instruments_of_every_kind_come_back_as_they_were(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    texts = {
        one: data.draw(wordings(instrument, one)) for one in data.draw(st.sampled_from([(), ("fr",), ("en", "fr")]))
    }
    imported = read.instrument(write.survey(instrument, texts).content, TODAY)
    assert () == imported.notes
    assert (instrument, texts) == back(imported)


@pytest.mark.parametrize("key", LIBRARY.keys)
def test_a_survey_that_lost_what_weshare_keeps_still_has_questions_codes_and_branches(key: str) -> None:
    instrument = LIBRARY.instrument(key)
    rows = [row for row in write.table(instrument, {})[0] if row.get("name") != write.ABOUT]
    found, _texts = back(read.instrument(columns.written(rows), TODAY))
    asked = [found.items[item] for item in found.order][len(instrument.facts) :]
    for item, there in zip(instrument.order, asked, strict=True):
        here = instrument.items[item]
        assert here.topic == there.topic.split("\n")[0]
        assert (here.ask_if is None and all(p.ask_if is None for p in instrument.pages if item in p.items)) == (
            there.ask_if is None
        )


def said_twice(instrument: Instrument) -> int:
    """Say every expression of an instrument in LimeSurvey's language and back: the same tree. How many are there?"""
    count = 0
    fields, _notes = rows_of(instrument, None)
    ticked = [(row.name, code) for row in fields if row.type == "checkbox" for code in range(-5, 15)]
    boxes = {f"{name}_{code}".replace("-", "ZZ"): f"{name}({code})" for name, code in ticked}
    for text in [one for row in fields for one in (row.logic, row.choices if row.type == "calc" else "") if one]:
        before = tree(text, 10**6, 200)
        said = expressions.printed(before, _code)
        assert before == tree(expressions.translated(said, partial(_named, boxes), 10**6), 10**6, 400), said
        count += 1
    return count


def test_expressions_of_the_library_say_in_limesurvey_what_they_say_in_redcap() -> None:
    assert sum(map(said_twice, map(LIBRARY.instrument, LIBRARY.keys))) > 900


@settings(max_examples=30)
@given(instruments())
def test_made_expressions_say_in_limesurvey_what_they_say_in_redcap(instrument: Instrument) -> None:
    """Seen failing when a box that is not ticked was said to be ticked."""
    said_twice(instrument)


@pytest.mark.parametrize("text", ["[" + "(" * 20_000, "q1.NAOK == '1", "q1.other == 1", "q1 == 1" * 10_000])
def test_an_expression_that_is_not_understood_is_refused_at_once(text: str) -> None:
    with pytest.raises(NotUnderstood):
        expressions.translated(text, str)


def _named(boxes: dict[str, str], code: str) -> str:
    return boxes.get(code, code)


def _code(field: Field) -> str:
    return field.name if field.code is None else f"{field.name}_{field.code}".replace("-", "ZZ")


def survey(*rows: Row) -> Imported:
    """What is read of a survey of others; its files are sound."""
    head: list[Row] = [
        {"class": "S", "name": "language", "text": "fr"},
        {"class": "SL", "name": "surveyls_title", "text": "Enquête", "language": "fr"},
        {"class": "G", "type/scale": "1", "name": "Page un", "relevance": "1", "language": "fr"},
    ]
    found = read.instrument(columns.written([*head, *rows]), TODAY)
    back(found)
    return found


def question(kind: str, name: str, **more: str) -> Row:
    """A question."""
    return {
        "class": "Q",
        "type/scale": kind,
        "name": name,
        "text": f"Texte {name}",
        "relevance": "1",
        "language": "fr",
        **more,
    }


def options(kind: str, *pairs: str) -> list[Row]:
    """Answers or rows of a question."""
    return [{"class": kind, "type/scale": "0", "name": one, "text": f"Option {one}", "language": "fr"} for one in pairs]


def test_the_types_of_limesurvey_are_read_or_told() -> None:
    found = survey(
        question("L", "q1", mandatory="Y"), *options("A", "A1", "A2", "A3"),
        question("M", "q2", relevance='((q1.NAOK == "A2"))', exclude_all_others="SQ3"),
        *options("SQ", "SQ1", "SQ2", "SQ3"),
        question("F", "q3", relevance='q2_SQ1.NAOK == "Y" and !is_empty(q1.NAOK)'),
        *options("SQ", "SQ1", "SQ2"), *options("A", "1", "2"),
        question("N", "q4", min_num_value_n="0", max_num_value_n="10", suffix="kg", num_value_int_only="1"),
        question("Y", "q5"),
        question("T", "q6", relevance="strange(q5.NAOK)"),
        question("|", "q7"),
        question("*", "q8", equation="{sum(q3_SQ1.NAOK, q3_SQ2.NAOK)}"),
        {"class": "S", "name": "anonymized", "text": "Y"},
    )  # fmt: skip
    one, texts = back(found)
    kinds = {name: one.response_of(name).kind for name in one.items}
    assert {
        "q1": "choice",
        "q2": "multiple",
        "q3_SQ1": "choice",
        "q3_SQ2": "choice",
        "q4": "number",
        "q5": "choice",
        "q6": "text",
    } == kinds
    assert ["q1"] == [name for name, item in one.items.items() if item.required]
    assert {"q2", "q3_SQ1", "q3_SQ2"} == {name for name, item in one.items.items() if item.ask_if is not None}
    assert ["q8"] == list(one.scales)
    assert {"q6", "q7", "anonymized"} <= {note.where for note in found.notes}
    assert "Texte q1" == texts["fr"].items[one.order[0]]


def test_a_survey_that_was_changed_is_read_from_its_questions() -> None:
    rows, _notes = write.table(tiny_instrument(), {"en": tiny_wording()})
    next(row for row in rows if row.get("name") == "q1" and row["class"] == "Q")["text"] = "Changed?"
    found = read.instrument(columns.written(rows), TODAY)
    assert "Changed?" in found.folders[0].files["wording.en.yaml"]
    assert any("Changed since" in str(note) for note in found.notes)


def test_no_text_is_a_formula_and_none_is_run_by_limesurvey() -> None:
    text = columns.written([{"class": "Q", "name": "q", "text": "=1+1 {TOKEN}", "help": "{ a"}]).decode()
    assert "'=1+1 { TOKEN}" in text
    content = write.survey(tiny_instrument(), {"en": tiny_wording()}).content.decode()
    about = next(line for line in content.splitlines() if '"about"' in line and '"Q"' in line)
    assert not [place for place in range(len(about) - 1) if about[place] == "{" and about[place + 1] != " "]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "LimeSurvey"),
        (b"\xff", "UTF-8"),
        (b"a\tb\n", "columns"),
        (b"class\tname\ttext\nQ\tq\tt\tx\n", "Row 2"),
        (b"x" * 10_000_001, "10 MB"),
        (b"class\tname\ttext\nS\tlanguage\tfr\n", "No question"),
        (b"class\tclass\tname\ttext\n", "once"),
    ],
)
def test_what_is_no_survey_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read.instrument(content, TODAY)
    assert sentence in str(refused.value)


WORDS = ["Q", "A", "SQ", "G", "L", "M", "F", "N", "*", "1", "q1", "q1.NAOK == 1", "about", "Y"]
CELLS = st.one_of(st.text(max_size=10), st.sampled_from(WORDS))


@settings(max_examples=120)
@given(st.lists(st.dictionaries(st.sampled_from([*columns.MAIN, *columns.ATTRIBUTES]), CELLS), max_size=6))
def test_no_cells_whatever_are_more_than_refused(rows: list[dict[str, Any]]) -> None:
    with suppress(Unreadable):
        survey(*rows)
