"""What a spreadsheet could take for a formula, and that nothing is lost by preventing it."""

import csv
import re
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange import csv_text
from app.exchange.csv_text import LAYOUTS, encoded, neutralised, restored

COMMA = LAYOUTS["comma"]
SEMICOLON = LAYOUTS["semicolon"]

# Made of little else than what is dangerous, so that the search finds the corners.
HOSTILE = st.text(alphabet="'\"=+-@\t\r\n ;,a1", max_size=12)


def as_read(content: bytes, separator: str = ",") -> list[list[str]]:
    """The file as a program reads it."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "＝1", "'=1", '"=1'])
def test_what_looks_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert neutralised(text) == f"'{text}" or neutralised(text).startswith("'")
    assert restored(neutralised(text)) == text


@pytest.mark.parametrize("text", ["Centre 1", "a=b", "1 - 2", "l’été", "", "M0", "a@b"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


@given(st.one_of(st.text(), HOSTILE))
def test_every_text_comes_back_exactly(text: str) -> None:
    assert restored(neutralised(text)) == text


@given(HOSTILE)
def test_no_piece_of_a_text_is_a_formula_whatever_separator_a_spreadsheet_was_told(text: str) -> None:
    """Seen failing without the part of the pattern that looks behind separators."""
    for piece in re.split(r"[;,\t\r\n]", neutralised(text)):
        assert not re.match(r'[\s"]*[=+\-@]', piece)


@given(st.lists(st.lists(st.one_of(st.text(alphabet=st.characters(exclude_categories=["Cs"])), HOSTILE), min_size=1)))
def test_a_table_of_texts_survives_the_file(table: list[list[str]]) -> None:
    content = b"".join(encoded(table, COMMA))
    assert [[restored(cell) for cell in row] for row in as_read(content)] == table


def test_the_header_is_neutralised_too() -> None:
    assert [["'=q1"]] == as_read(b"".join(encoded([["=q1"]], COMMA)))


def test_numbers_stay_numbers_and_instants_are_utc() -> None:
    at = datetime(2026, 5, 4, 11, 30, 15, tzinfo=timezone(timedelta(hours=2)))
    row = (-1, 66.66666666666667, True, None, at, "=x")
    expected = '\ufeff-1,66.66666666666667,1,"","2026-05-04T09:30:15Z","\'=x"\r\n'
    assert expected.encode() == b"".join(encoded([row], COMMA))
    assert at.astimezone(UTC).hour == 9


def test_the_french_layout_has_semicolons_and_decimal_commas() -> None:
    assert '\ufeff-1;"66,5"\r\n'.encode() == b"".join(encoded([(-1, 66.5)], SEMICOLON))


def test_a_long_table_comes_in_pieces() -> None:
    rows = [[number] for number in range(csv_text.ROWS_AT_ONCE * 2 + 1)]
    pieces = list(encoded(iter(rows), COMMA))
    assert len(pieces) == 3
    assert [[str(number)] for [number] in rows] == as_read(b"".join(pieces))
