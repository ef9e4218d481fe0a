"""Text on paper is data: it cannot become markup, code or another file, and the file is the same every time."""

import json
from typing import Any

import pytest
import typst

from app.paper import typeset

HOSTILE = [
    '#panic("x")',
    '#read("/etc/passwd")',
    '#import "@preview/nothing:1.0.0"',
    "$ x^2 $ *bold* _slanted_ `raw` = heading",
    '"); #pagebreak() #text("',
    "] } ) \\ // /* <label> @reference",
    '"}, {"title": "another',
    "https://example.org - -- --- ~ ' \" &amp",
]


def document(text: str = "Words", **more: Any) -> dict[str, Any]:
    """What stands on the sheets, with one text everywhere."""
    item = {"number": "1", "text": text, "recall": text, "note": text, "kind": "choice", "hint": text, "others": [text]}
    page = {"title": text, "note": text, "items": [{**item, "options": [text, text]}]}
    return {
        "title": text,
        "instrument": "tiny@1.0",
        "hash": "0" * 64,
        "lang": "en",
        "region": None,
        "header": text,
        "mark": "",
        "stamp": "",
        "warning": "",
        "footer": text,
        "sheet": "{number} / {total}",
        "introduction": text,
        "how": text,
        "pages": [page],
        "thanks": text,
        **more,
    }


def said(data: dict[str, Any], element: str) -> list[str]:
    """The texts of all elements of a kind, as the program that sets the document sees them."""
    inputs = {"data": json.dumps({**data, "fonts": typeset.FONTS})}
    compiler = typst.Compiler(typeset._source("paper"), root=typeset.TEMPLATES, sys_inputs=inputs)
    return [_text(one["body"]) for one in json.loads(compiler.query(element))]


def _text(content: dict[str, Any]) -> str:
    return str(content.get("text", "")) + "".join(map(_text, content.get("children", [])))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_set_as_it_is_written(text: str) -> None:
    """Seen failing when the title was set through eval(..., mode: "markup")."""
    assert [text, text] == said(document(text), "heading")
    assert len(typeset.pictures("paper", document())) == len(typeset.pictures("paper", document(text)))


def test_the_file_is_tagged_for_screen_readers_and_bears_its_title() -> None:
    made = typeset.pdf("paper", document("A title"))
    assert made.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid:part" in made


def test_the_same_words_make_the_same_file() -> None:
    """Seen failing with the clock in the file's metadata."""
    made = typeset.pdf("paper", document())
    assert made == typeset.pdf("paper", document())
    assert b"1970-01-01" in made


def test_one_question_is_never_on_two_sheets() -> None:
    """A question with as many options as fill half a sheet: three of them take three sheets, not two."""
    item = {"number": "1", "text": "x", "recall": "", "note": "", "kind": "choice", "hint": "", "others": []}
    many = {**item, "options": [str(number) for number in range(18)]}
    pages = [{"title": "x", "note": "", "items": [many, many, many]}]
    assert 3 == len(typeset.pictures("paper", document(pages=pages)))


def test_letters_that_no_font_has_are_refused_with_a_sentence() -> None:
    with pytest.raises(typeset.Unprintable, match="font"):
        typeset.pdf("paper", document("\U000e0fff\uffff"))


@pytest.mark.parametrize("kind", ["choice", "multiple", "ranking"])
def test_every_option_has_a_box_of_its_own(kind: str) -> None:
    """Seen failing with a kind without a row in the template."""
    item = {"number": "1", "text": "x", "recall": "", "note": "", "kind": kind, "hint": "", "others": ["not me"]}
    pages = [{"title": "x", "note": "", "items": [{**item, "options": ["a", "b"]}]}]
    assert 1 == len(typeset.pictures("paper", document(pages=pages)))
