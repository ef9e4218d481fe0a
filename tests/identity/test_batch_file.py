"""A list of people as a file: read in whatever encoding and layout a spreadsheet makes, and every bad line named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.identity import batch_file
from app.identity.batch_file import Line, Mistake, Sheet
from tests.support.world import AT

HEADER = "Subject code;Given name;Family name;Date of birth;E-mail;Telephone;Postal address"
ZOE = "S2-001;Zoé;Quillévéré;29/11/1953;zoe@patients.example;+33 6 98 76 54 32;17 chaussée des Ormes"


def read(text: str, *, agreed: tuple[str, ...] | None = None) -> Sheet:
    return batch_file.read(text, lambda code: agreed is None or code in agreed, AT.date())


def sheet(*rows: str) -> Sheet:
    return read("\r\n".join((HEADER, *rows)))


def refused(text: str) -> str:
    with pytest.raises(Refusal) as said:
        read(text)
    return said.value.code


def only(found: Sheet) -> Line:
    assert () == found.mistakes
    (line,) = found.lines
    return line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_survive_each_encoding_a_spreadsheet_writes(encoding: str):
    """Seen failing for cp1252 with UTF-8 alone, and for the mark with plain UTF-8."""
    line = only(read(batch_file.decode(f"{HEADER}\r\n{ZOE}\r\n".encode(encoding))))
    assert ("Zoé", "Quillévéré") == (line.identity.given_name, line.identity.family_name)


def test_what_is_no_text_is_refused():
    for data in ("Prénom;Nom".encode("utf-16"), b"PK\x03\x04\x00\x81\x8d", b"\x00\x01"):
        with pytest.raises(Refusal, match="list-unreadable"):
            batch_file.decode(data)
    with pytest.raises(Refusal, match="list-empty"):
        batch_file.decode(b" \r\n")
    with pytest.raises(Refusal, match="list-too-large"):
        batch_file.decode(b"x" * (batch_file.MAX_BYTES + 1))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_each_separator_and_both_languages_of_the_header_are_understood(separator: str):
    header = separator.join(batch_file.template(1))
    line = only(read(f"{header}\n{ZOE.replace(';', separator)}"))
    assert ("S2-001", "1953-11-29") == (line.subject, str(line.identity.birth_date))


def test_columns_may_stand_in_any_order_and_others_are_ignored():
    line = only(read("NOM,remarque,Prénom,Code participant\nByron,x,Ada,S2-001"))
    assert ("Ada", "Byron", None) == (line.identity.given_name, line.identity.family_name, line.identity.email)


def test_a_header_without_the_needed_columns_is_refused():
    assert "list-columns" == refused("Ada;Byron;S2-001")
    assert "list-columns" == refused("code;prénom;prénom;nom\nS2-001;Ada;Ada;Byron")


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ("S2-001;;Byron", Mistake(2, "given_name", "missing")),
        ("S2 001;Ada;Byron", Mistake(2, "subject", "code")),
        ("S2-001;Ada;Byron;31/02/1953", Mistake(2, "birth_date", "date")),
        ("S2-001;Ada;Byron;12/10/53", Mistake(2, "birth_date", "date")),
        ("S2-001;Ada;Byron;01/01/2099", Mistake(2, "birth_date", "birth")),
        ("S2-001;Ada;Byron;;ada", Mistake(2, "email", "email")),
        ("S2-001;Ada;Byron;;;no number", Mistake(2, "phone", "phone")),
        ("S2-001;ZoÃ©;Byron", Mistake(2, "given_name", "letters")),
        (f"S2-001;{'x' * 121};Byron", Mistake(2, "given_name", "too-long")),
        ("S2-001;Ada;Byron;;;;;more", Mistake(2, "", "cells")),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(row: str, mistake: Mistake):
    found = sheet(row)
    assert ((), (mistake,)) == (found.lines, found.mistakes)


def test_lines_are_counted_as_in_the_file():
    """A text in quotes may go over several lines, and empty lines count. Seen failing with rows counted."""
    found = sheet('S2-001;Ada;Byron;;;;"1 rue Haute\r\nÉtage 3"', "", ";;;", "S2-002;;Byron")
    assert (2, 6) == (found.lines[0].number, found.mistakes[0].number)


def test_a_code_or_an_address_that_stands_twice_names_the_first_line():
    found = sheet("S2-001;Ada;Byron;;a@b.example", "s2-001;Zoé;Quill;;A@b.example")
    assert (Mistake(3, "subject", "twice", 2), Mistake(3, "email", "twice", 2)) == found.mistakes


def test_a_code_that_the_study_did_not_agree_to_is_named():
    found = read(f"{HEADER}\n{ZOE}\nS2-002;Ada;Byron", agreed=("S2-002",))
    assert ((Mistake(2, "subject", "not-agreed"),), 1) == (found.mistakes, len(found.lines))


def test_the_limits_hold():
    rows = [f"S2-{number};Ada{number};Byron" for number in range(batch_file.MAX_LINES)]
    assert batch_file.MAX_LINES == len(sheet(*rows).lines)
    assert "list-too-long" == refused("\n".join((HEADER, *rows, "S2-x;Ada;Byron")))
    assert "list-empty" == refused(HEADER)
    assert "list-quotes" == refused(f'{HEADER}\nS2-001;"Ada;Byron')


def test_a_hostile_cell_stays_text():
    line = only(sheet("S2-001;=1+1;Byron;;;;@SUM(A1)<script>"))
    assert ("=1+1", "@SUM(A1)<script>") == (line.identity.given_name, line.identity.postal_address)


def test_nothing_of_a_person_is_printed():
    assert "Quill" not in repr(sheet(ZOE))


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace")))
def test_any_bytes_are_lines_mistakes_or_a_refusal(data: bytes):
    """A file out of somebody's computer may hold anything."""
    try:
        found = read(batch_file.decode(data))
    except Refusal:
        return
    assert found.lines or found.mistakes
