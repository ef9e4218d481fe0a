"""From a field of REDCap to a response scale: one reader a field type, and one a kind of validation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.exchange import foreign
from app.exchange.csv_text import restored
from app.exchange.redcap.columns import Row
from app.questionnaires.elements import LARGEST

MOST_OPTIONS: Final = 50


class NotRead(Exception):
    """A field that is no question of ours; the text is why."""


@dataclass(slots=True)
class Answering:
    """A response scale as a definition writes it, its texts, our code for each of the file, and what changed."""

    scale: dict[str, Any]
    texts: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def answering(row: Row) -> Answering:
    """How a field is answered. Raises NotRead."""
    reader = READERS.get(row.type.lower())
    if reader is None:
        raise NotRead(UNREAD.get(row.type.lower(), f"fields of the type “{row.type[:30]}” are not known here"))
    return reader(row)


def choices(text: str) -> list[tuple[str, str]]:
    """Codes and labels of a cell: ``1, Yes | 2, No``; in old dictionaries on a line each."""
    parts = text.split("|") if "|" in text else text.split("\n")
    found: dict[str, str] = {}
    for part in parts:
        code, comma, label = part.partition(",")
        if not comma or not code.strip() or code.strip() in found:
            raise NotRead("its choices are not written as “code, label | code, label”, each code once")
        found[code.strip()] = foreign.text(restored(label.strip()))[0] or code.strip()
    return list(found.items())


def _numbered(pairs: list[tuple[str, str]], remarks: list[str]) -> dict[str, int]:
    """A whole number for each code: itself, or its place where one is none."""
    numbers = [int(code) for code, _label in pairs if re.fullmatch(r"-?(0|[1-9][0-9]{0,3})", code) and code != "-0"]
    if len(numbers) < len(pairs) or not all(-999 <= one <= 9999 for one in numbers):
        numbers = list(range(1, len(pairs) + 1))
        shown = ", ".join(
            f"{code[:20]} is {number}" for (code, _label), number in zip(pairs[:10], numbers, strict=False)
        )
        remarks.append(f"The codes are numbers here: {shown}.")
    return {code: number for (code, _label), number in zip(pairs, numbers, strict=True)}


def _options(row: Row) -> tuple[list[tuple[str, str]], Answering]:
    pairs = choices(row.choices)
    if not 2 <= len(pairs) <= MOST_OPTIONS:
        raise NotRead(f"a choice has 2 to {MOST_OPTIONS} options")
    remarks: list[str] = []
    codes = _numbered(pairs, remarks)
    texts = {"options": {codes[code]: label for code, label in pairs}}
    return pairs, Answering({}, texts, codes, remarks)


def _choice(row: Row) -> Answering:
    _pairs, found = _options(row)
    found.scale = {"kind": "choice", "options": list(found.codes.values())}
    if row.matrix_ranking.lower() == "y":
        found.remarks.append("Each column of this matrix may be chosen once in REDCap; that is not kept.")
    return found


def _yes_no(labels: tuple[str, str]) -> Callable[[Row], Answering]:
    def read(_row: Row) -> Answering:
        texts = {"options": {1: labels[0], 0: labels[1]}}
        return Answering({"kind": "choice", "options": [1, 0]}, texts, {"1": 1, "0": 0})

    return read


def _checkbox(row: Row) -> Answering:
    _pairs, found = _options(row)
    found.scale = {"kind": "multiple", "options": list(found.codes.values())}
    alone = re.search(r"@NONEOFTHEABOVE\s*=\s*['\"]?([^'\"\s]+)", row.annotation)
    exclusive = [found.codes[code] for code in (alone[1].split(",") if alone else []) if code in found.codes]
    most = re.search(r"@MAXCHECKED\s*=\s*['\"]?([0-9]{1,2})\b", row.annotation)
    if exclusive:
        found.scale["exclusive"] = exclusive
    if most and 1 <= int(most[1]) <= 50:
        found.scale["at_most"] = int(most[1])
    return found


def _slider(row: Row) -> Answering:
    low, high = (_whole(one, other) for one, other in ((row.minimum, 0), (row.maximum, 100)))
    if not 0 < high - low <= 100:
        raise NotRead("a line has at most 101 steps")
    parts = [foreign.text(restored(one.strip()))[0] for one in row.choices.split("|")]
    remarks = ["The label in the middle of the line is not kept."] if len(parts) == 3 and parts[1] else []
    texts = {"low": parts[0] or str(low), "high": (parts[-1] if len(parts) > 1 else "") or str(high)}
    return Answering({"kind": "vas", "minimum": low, "maximum": high}, texts, {}, remarks)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,3}", text.strip()) else otherwise


def _text(row: Row) -> Answering:
    kind = row.validation.lower()
    if row.choices.strip().upper().startswith("BIOPORTAL"):
        raise NotRead("a search in an ontology has no counterpart")
    for pattern, reader in VALIDATIONS:
        if match := re.fullmatch(pattern, kind):
            return reader(row, match)
    found = _words("short")(row)
    found.remarks.append(f"The validation “{kind[:30]}” is not kept; any text is taken.")
    return found


def _number(row: Row, match: re.Match[str]) -> Answering:
    decimals = 0 if match[0].startswith("int") else min(int(match[1] or 2), 6)
    remarks: list[str] = []
    low, high = (_measure(one) for one in (row.minimum, row.maximum))
    if low is None or high is None or low >= high:
        remarks.append("A number has bounds; what the field does not bound is taken from 0 to a million.")
    low = 0.0 if low is None else low
    high = LARGEST if high is None or high <= low else high
    unit = foreign.text(row.note)[0]
    if not unit or len(unit) > 20:
        unit = "1"
        remarks.append("A number has a unit; “1” (none) is written.")
    scale = {"kind": "number", "unit": unit, "minimum": _tidy(low), "maximum": _tidy(high)}
    return Answering({**scale, **({"decimals": decimals} if decimals else {})}, {}, {}, remarks)


def _measure(text: str) -> float | None:
    plain = text.strip().replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,7}(\.[0-9]{1,6})?", plain) or abs(float(plain)) > LARGEST:
        return None
    return float(plain)


def _tidy(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _date(row: Row, match: re.Match[str]) -> Answering:
    remarks = [] if match[0].startswith("date_") else ["Only the date is read; the time of day has no place here."]
    pairs = (("earliest", row.minimum.strip()), ("latest", row.maximum.strip()))
    bounds = {name: text for name, text in pairs if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)}
    remarks += [
        f"The bound “{text[:20]}” is no fixed date; it is not kept."
        for name, text in pairs
        if text and name not in bounds
    ]
    return Answering({"kind": "date", **bounds}, {}, {}, remarks)


def _words(length: str) -> Callable[[Row], Answering]:
    def read(row: Row) -> Answering:
        limit = re.search(r"@CHARLIMIT\s*=\s*['\"]?([0-9]{1,5})\b", row.annotation)
        most = {"at_most": min(max(int(limit[1]), 1), 10_000)} if limit else {}
        return Answering({"kind": "text", "length": length, **most})

    return read


READERS: Final[Mapping[str, Callable[[Row], Answering]]] = {
    "radio": _choice,
    "dropdown": _choice,
    "yesno": _yes_no(("Yes", "No")),
    "truefalse": _yes_no(("True", "False")),
    "checkbox": _checkbox,
    "slider": _slider,
    "text": _text,
    "notes": _words("long"),
}
UNREAD: Final = {
    "descriptive": "a text between the questions has no place of its own",
    "file": "no files are asked for here",
    "sql": "a list out of a database has no counterpart",
}
VALIDATIONS: Final[tuple[tuple[str, Callable[[Row, re.Match[str]], Answering]], ...]] = (
    (r"", lambda row, _match: _words("short")(row)),
    (r"int(?:eger)?()", lambda row, match: _number(row, match)),
    (r"(?:number|float)(?:_([0-9])dp)?(?:_comma_decimal)?", lambda row, match: _number(row, match)),
    (r"date_(?:ymd|mdy|dmy)|datetime_.*", lambda row, match: _date(row, match)),
)
