"""What the macros promise to whoever writes a page; how they look is for the eye and for the browser tests."""

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import app.web
from app.questionnaires.elements import ItemId
from app.web.instrument_form import Question
from app.web.question_shapes import Details

TEMPLATES = Path(app.web.__file__).parent / "templates"
FOUR = [(1, "Not at all"), (2, "A little"), (3, "Quite a bit"), (4, "Very much")]
SEVEN = [(1, "Very poor"), *((value, "") for value in range(2, 7)), (7, "Excellent")]


def render(macros: str, call: str, **facts: object) -> str:
    """What a page gets that calls one macro."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    pages.install_null_translations(newstyle=True)
    source = f'{{% import "macros/{macros}.html" as m with context %}}{call}'
    return pages.from_string(source).render(**facts)


def question(error: str | None = None, **changes: object) -> str:
    facts: dict[str, Any] = {
        "item": ItemId("q7"), "number": 7, "text": "Did you sleep badly?", "recall": "During the past week",
        "kind": "choice", "options": FOUR, "others": (), "is_declinable": True, "details": Details(), "hint": "",
        "filled": (), "revision": 0,
    }  # fmt: skip
    return render("questionnaire", "{{ m.question(one, 30, error) }}", one=Question(**facts | changes), error=error)


def inputs(markup: str) -> list[str]:
    return re.findall(r"<input[^>]*>", markup)


@pytest.mark.parametrize(("kind", "options"), [("choice", FOUR), ("rating", SEVEN)])
def test_no_answer_is_chosen_beforehand(kind: str, options: list[tuple[int, str]]) -> None:
    """Seen failing with the first option checked."""
    found = inputs(question(kind=kind, options=options))
    assert len(found) == len(options) + 1
    assert not any("checked" in one for one in found)


@pytest.mark.parametrize("answer", [1, 4, "declined"])
def test_the_given_answer_and_no_other_is_chosen(answer: int | str) -> None:
    """Seen failing when a number was compared with its text."""
    filled = (("answer", (str(answer),)),)
    chosen = [one for one in inputs(question(filled=filled)) if "checked" in one]
    assert [re.findall(r'id="([^"]*)"', one) for one in chosen] == [[f"q7-{answer}"]]


def test_leaving_out_is_one_more_answer_to_the_same_question() -> None:
    names = {name for one in inputs(question()) for name in re.findall(r'name="([^"]*)"', one)}
    values = [value for one in inputs(question()) for value in re.findall(r'value="([^"]*)"', one)]
    assert (names, values) == ({"answer-q7"}, ["1", "2", "3", "4", "declined"])


def test_every_box_has_its_label() -> None:
    """Seen failing with a label for ``q7`` alone."""
    for markup in (question(), question(kind="rating", options=SEVEN)):
        assert re.findall(r'<label class="option-label" for="([^"]*)"', markup) == re.findall(
            r'<input[^>]*\sid="(q7-[^"]*)"', markup
        )


def test_text_of_a_wording_is_escaped() -> None:
    """Seen failing with ``|safe`` on the text."""
    assert "<b>" not in question(text="<b>x</b>", options=[(1, "<b>y</b>"), (2, "z")], recall="<b>r</b>")


def test_an_error_is_tied_to_its_question() -> None:
    markup = question(error="Choose an answer.")
    assert 'aria-describedby="q7-error"' in markup
    assert 'id="q7-error"' in markup


def test_an_error_summary_links_to_the_fields() -> None:
    markup = render("forms", '{{ m.error_summary([("email", "Write your address.")]) }}')
    assert '<a href="#email">Write your address.</a>' in markup
    assert render("forms", "{{ m.error_summary([]) }}").strip() == ""


def test_each_kind_of_field_has_the_id_its_error_links_to() -> None:
    """Seen failing for the radio group, whose first id was ``way-1``."""
    calls = [
        'm.text_field("way", "L")',
        'm.password_field("way", "L")',
        'm.textarea("way", "L")',
        'm.select("way", "L", [("a", "A")])',
        'm.radio_group("way", "L", [("a", "A"), ("b", "B")])',
        'm.checkbox("way", "L")',
    ]
    for call in calls:
        assert render("forms", "{{ " + call + " }}").count('id="way"') == 1, call


def test_a_password_is_never_written_back() -> None:
    """Seen failing with the value kept for every type of field."""
    assert "secret" not in render("forms", '{{ m.text_field("p", "L", "secret", type="password") }}')


def test_what_was_typed_is_kept_and_escaped() -> None:
    assert 'value="&#34;&gt;"' in render("forms", """{{ m.text_field("a", "L", '">') }}""")
    assert "&lt;/textarea&gt;" in render("forms", '{{ m.textarea("a", "L", "</textarea>") }}')


def test_a_badge_says_in_words_what_it_shows() -> None:
    markup = render("layout", '{{ m.badge("Late", "late") }}')
    assert "Late</span>" in markup
    assert 'aria-hidden="true"' in markup


def test_progress_is_a_sentence_beside_a_bar() -> None:
    markup = render("layout", '{{ m.progress(0, 0, "Nothing to answer") }}')
    assert 'max="1"' in markup
    assert markup.count("Nothing to answer") == 2


def test_a_table_can_be_scrolled_without_a_mouse() -> None:
    markup = render("layout", '{{ m.data_table("Energy", ["Visit", "Score"], [["Start", 40]], [1]) }}')
    assert 'role="region" aria-label="Energy" tabindex="0"' in markup
    assert '<th scope="row">Start</th><td class="number">40</td>' in markup
