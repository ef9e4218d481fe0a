"""A list of new participants as a file: read into lines, or into everything that is wrong with it, line by line.

Nothing here opens a database, and nothing that stands in the file is ever part of a mistake: mistakes are codes.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Final

from app.errors import Refusal
from app.identity.identity import Identity

MAX_BYTES: Final = 200_000
MAX_LINES: Final = 200
SEPARATORS: Final = (";", ",", "\t")
OLDEST_BIRTH: Final = date(1900, 1, 1)
ADDRESS: Final = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")
CODE: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
PHONE: Final = re.compile(r"\+?[\d\s().\-/]{6,40}")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": ("subject code", "code participant", "subject", "code"),
    "given_name": ("given name", "prénom", "first name"),
    "family_name": ("family name", "nom", "last name", "nom de famille"),
    "birth_date": ("date of birth", "date de naissance", "birth date"),
    "email": ("e-mail", "courriel", "email", "adresse e-mail", "mail"),
    "phone": ("telephone", "téléphone", "phone"),
    "postal_address": ("postal address", "adresse postale", "adresse", "address"),
}
"""Each column with its names: first the one of the English template, then that of the French one."""
NEEDED: Final = ("subject", "given_name", "family_name")
LONGEST: Final[Mapping[str, int]] = {
    "subject": 40,
    "given_name": 120,
    "family_name": 120,
    "birth_date": 10,
    "email": 254,
    "phone": 40,
    "postal_address": 500,
}
# What is left of accents when a file is read in another encoding than it was written in, and what no name has.
ODD: Final = re.compile("[‚„†‡ˆ‰‹›•˜™¢£¤¥¦§¨©ª«¬®¯±´µ¶¸º»¼½¾×÷\ufffd\x00-\x1f\x7f-\x9f]")
DAYS: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list, and the number of the line in the file on which the entry begins."""

    number: int
    subject: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong on a line: the column, why as a code, and for what happens twice the line of the first time."""

    number: int
    column: str
    code: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines that can be read, and the mistakes of the others, in the order of the file."""

    lines: tuple[Line, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(slots=True)
class _Seen:
    """What must not stand on two lines, with the line of the first time."""

    subject: dict[str, int] = field(default_factory=dict)
    email: dict[str, int] = field(default_factory=dict)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark, or Windows-1252.

    Refusal("list-empty"), Refusal("list-too-large"), Refusal("list-unreadable") for what is neither, such as a
    spreadsheet's own format.
    """
    if not data.strip():
        raise Refusal("list-empty")
    if len(data) > MAX_BYTES:
        raise Refusal("list-too-large")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refusal("list-unreadable")


def read(text: str, is_agreed: Callable[[str], bool], on: date) -> Sheet:
    """Every line of the list. ``is_agreed``: whether the study let a subject code be entered; ``on``: today.

    Refusal("list-columns") without a header that names the needed columns once each, Refusal("list-too-long"),
    Refusal("list-empty") without any line below the header, Refusal("list-quotes") where a quote is never closed.
    """
    rows = _rows(text)
    columns = _header(next(rows, (1, []))[1])
    seen = _Seen()
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(lines) + len({one.number for one in mistakes}) >= MAX_LINES:
            raise Refusal("list-too-long", {"lines": MAX_LINES})
        wrong = [Mistake(number, "", "cells")] if any(cells[len(columns) :]) else []
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        wrong += _wrong(number, values, is_agreed, on) or _twice(number, values, seen)
        mistakes += wrong
        if not wrong:
            lines.append(Line(number, values["subject"], _identity(values)))
    if not lines and not mistakes:
        raise Refusal("list-empty")
    return Sheet(tuple(lines), tuple(mistakes))


def template(place: int) -> list[str]:
    """The header of an empty list: in English (0) or in French (1)."""
    return [names[place] for names in COLUMNS.values()]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line; a text in quotes may go over several."""
    head = next(iter(StringIO(text, newline="")), "")
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, [cell.strip() for cell in row]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refusal("list-quotes", {"line": begins}) from error


def _header(cells: list[str]) -> list[str | None]:
    """What each column is; None for one that is not ours, which is left alone."""
    named = {_plain(name): key for key, names in COLUMNS.items() for name in names}
    found = [named.get(_plain(cell)) for cell in cells]
    known = [key for key in found if key]
    if len(set(known)) < len(known) or not set(NEEDED) <= set(known):
        raise Refusal("list-columns")
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(
        re.sub(r"[^a-z0-9]+", " ", "".join(one for one in letters if not unicodedata.combining(one))).split()
    )


def _wrong(number: int, values: Mapping[str, str], is_agreed: Callable[[str], bool], on: date) -> list[Mistake]:
    """What is wrong with a line by itself; at most one mistake a column."""
    found = []
    for column in COLUMNS:
        value = values.get(column, "")
        code = ("missing" if column in NEEDED else None) if not value else _fault(column, value, is_agreed, on)
        if code:
            found.append(Mistake(number, column, code))
    return found


def _fault(column: str, value: str, is_agreed: Callable[[str], bool], on: date) -> str | None:
    if len(value) > LONGEST[column]:
        return "too-long"
    return CHECKS[column](value, is_agreed, on)


def _code_fault(value: str, is_agreed: Callable[[str], bool], _on: date) -> str | None:
    if not CODE.fullmatch(value):
        return "code"
    return None if is_agreed(value) else "not-agreed"


def _name_fault(value: str, _is_agreed: Callable[[str], bool], _on: date) -> str | None:
    return "letters" if ODD.search(value) else None


def _birth_fault(value: str, _is_agreed: Callable[[str], bool], on: date) -> str | None:
    born = _day(value)
    if born is None:
        return "date"
    return None if OLDEST_BIRTH <= born <= on else "birth"


def _email_fault(value: str, _is_agreed: Callable[[str], bool], _on: date) -> str | None:
    return None if ADDRESS.fullmatch(value) else "email"


def _phone_fault(value: str, _is_agreed: Callable[[str], bool], _on: date) -> str | None:
    return None if PHONE.fullmatch(value) else "phone"


def _postal_fault(value: str, _is_agreed: Callable[[str], bool], _on: date) -> str | None:
    return "letters" if ODD.search(re.sub(r"[\r\n\tº«»]", "", value)) else None


CHECKS: Final[Mapping[str, Callable[[str, Callable[[str], bool], date], str | None]]] = {
    "subject": _code_fault,
    "given_name": _name_fault,
    "family_name": _name_fault,
    "birth_date": _birth_fault,
    "email": _email_fault,
    "phone": _phone_fault,
    "postal_address": _postal_fault,
}
"""What is looked for in each column."""


def _twice(number: int, values: Mapping[str, str], seen: _Seen) -> list[Mistake]:
    """A subject code or an address that stands on an earlier line."""
    found = []
    for column, earlier in (("subject", seen.subject), ("email", seen.email)):
        value = values.get(column, "").casefold()
        if value and earlier.setdefault(value, number) != number:
            found.append(Mistake(number, column, "twice", earlier[value]))
    return found


def _day(value: str) -> date | None:
    """2026-05-04, 04/05/2026 or 4.5.2026: the day comes first, as in France."""
    for form in DAYS:
        if found := form.fullmatch(value):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _identity(values: Mapping[str, str]) -> Identity:
    birth = values.get("birth_date", "")
    return Identity(
        email=values.get("email") or None,
        given_name=values["given_name"],
        family_name=values["family_name"],
        phone=values.get("phone") or None,
        birth_date=_day(birth) if birth else None,
        postal_address=values.get("postal_address") or None,
    )
