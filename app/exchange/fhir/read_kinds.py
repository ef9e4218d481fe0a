"""From a FHIR item to a response scale: one reader a type. What has no counterpart is told with its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.exchange.fhir import names, places
from app.exchange.json_places import Place
from app.exchange.numbers import decimal
from app.questionnaires.elements import LARGEST

ABSENCES: Final = {code: word for word, code in names.ABSENCES.items()}
PRECISIONS: Final = {"YYYY": "year", "YYYY-MM": "month", "YYYY-MM-DD": "day"}
YES_NO: Final[Mapping[str, tuple[str, str]]] = {"en": ("Yes", "No"), "fr": ("Oui", "Non")}
MOST_OPTIONS: Final = 50
MOST_STEPS: Final = 101


@dataclass(slots=True)
class Answering:
    """A response scale as a definition writes it, its texts by language, and our code for each code of the file."""

    scale: dict[str, Any]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Option:
    """One option of the file: its code, its labels, its weight, what else is said about it."""

    code: str
    label: dict[str, str]
    weight: float | int | None
    absence: str | None
    is_exclusive: bool


def answering(item: Place, language: str) -> Answering | None:
    """How an item is answered; None, and a note, where we have no such question."""
    kind = item.get("type")
    reader = READERS.get(kind.value) if isinstance(kind.value, str) else None
    if reader is None:
        item.note(f"Items of the type “{str(kind.value)[:40]}” are not known here; the question is left out.")
        item.whole()
        return None
    return reader(item, language)


def _choice(item: Place, language: str) -> Answering | None:
    options = list(_options(item, language))
    is_several = item.get("repeats").flag()
    if item.get("type").value == "open-choice":
        item.note("Only the options are read; an answer in one’s own words has no place beside them.")
    if len(options) < 2:
        item.note("A choice has at least two options in the file itself; the question is left out.")
        item.whole()
        return None
    codes = _codes(item, options)
    labels = {
        lang: {codes[one.code]: one.label.get(lang, str(codes[one.code])) for one in options}
        for lang in _langs(options, language)
    }
    is_rating = (
        not is_several
        and places.value(item, names.ORIENTATION, "Code").value == "horizontal"
        and _is_run(options, codes)
    )
    shown = places.control(item)
    if is_rating and shown == "radio-button":
        return _rating(item, language, options, codes, labels)
    if len(options) > MOST_OPTIONS:
        item.note(f"A choice has at most {MOST_OPTIONS} options; the question is left out.")
        item.whole()
        return None
    texts = {lang: {"options": one} for lang, one in labels.items()}
    if not is_several:
        absent = {codes[one.code]: one.absence for one in options if one.absence}
        scored = [codes[one.code] for one in options if not one.absence]
        if len(scored) < 2:
            absent, scored = {}, [*scored, *absent]
            item.note("Too few options are answers, so all of them count as answers.")
        return Answering(
            {"kind": "choice", "options": scored, **({"not_answers": absent} if absent else {})}, texts, codes
        )
    least, most = (places.number(item, url) for url in (names.LEAST, names.MOST))
    numbers = [codes[one.code] for one in options]
    if places.value(item, names.RANKING, "Boolean").value is True:
        limit = {} if most is None else {"places": int(most)}
        return Answering({"kind": "ranking", "options": numbers, **limit}, texts, codes)
    exclusive = [codes[one.code] for one in options if one.is_exclusive]
    scale = {"kind": "multiple", "options": numbers, "exclusive": exclusive, "at_least": int(least or 0)}
    scale = {key: one for key, one in scale.items() if one not in ([], 0)}
    return Answering({**scale, **({} if most is None else {"at_most": int(most)})}, texts, codes)


def _rating(
    item: Place, language: str, options: list[Option], codes: dict[str, int], labels: dict[str, dict[int, str]]
) -> Answering:
    """Steps with bare numbers between two labelled ends."""
    scored = [codes[one.code] for one in options if not one.absence]
    absent = {codes[one.code]: one.absence for one in options if one.absence}
    scale = {"kind": "rating", "minimum": min(scored), "maximum": max(scored)}
    beside = {lang: {code: one[code] for code in absent} for lang, one in labels.items()}
    texts = _ends(item, language, beside)
    return Answering({**scale, **({"not_answers": absent} if absent else {})}, texts, codes)


def _ends(item: Place, language: str, beside: Mapping[str, dict[int, str]]) -> dict[str, dict[str, Any]]:
    """The labels of both ends, which are items of their own that only show a text."""
    found: dict[str, dict[str, Any]] = {}
    for child in item.get("item").each():
        where = {"lower": "low", "upper": "high"}.get(places.control(child) or "")
        if child.get("type").value == "display" and where is not None:
            child.get("linkId")
            for lang, text in places.label(child, "text", language).items():
                found.setdefault(lang, {})[where] = text
    for lang, one in found.items():
        if beside.get(lang):
            one["not_answers"] = beside[lang]
    return found


def _is_run(options: list[Option], codes: Mapping[str, int]) -> bool:
    scored = [codes[one.code] for one in options if not one.absence]
    bare = all(set(one.label.values()) <= {str(codes[one.code])} for one in options if not one.absence)
    return bare and 1 < len(scored) <= MOST_STEPS and scored == list(range(scored[0], scored[0] + len(scored)))


def _langs(options: list[Option], language: str) -> list[str]:
    return list(dict.fromkeys([language, *(lang for one in options for lang in one.label)]))


def _options(item: Place, language: str) -> list[Option]:
    found: dict[str, Option] = {}
    for place in item.get("answerOption").each():
        kind, raw = places.raw_value(place)
        value = place.get(f"value{kind}") if kind else place
        if kind == "Coding":
            value.get("system")
            label = places.label(value, "display", language)
            code = value.get("code").text() or label.get(language)
        elif kind in ("Integer", "String", "Date"):
            code = str(raw)[:200] if isinstance(raw, str | int) else None
            label = {language: places.clean(value) or code or ""} if isinstance(raw, str) else {}
        else:
            code, label = None, {}
        if code is None or code in found:
            place.note("This option has no code of its own, or a value of a type that is not read.")
            place.whole()
            continue
        weight = places.number(place, names.WEIGHT)
        older = places.number(place, names.ORDINAL)
        absence = places.value(place, names.ABSENT, "Code").text()
        exclusive = places.value(place, names.EXCLUSIVE, "Boolean").flag()
        found[code] = Option(code, label, older if weight is None else weight, ABSENCES.get(absence or ""), exclusive)
    return list(found.values())


def _codes(item: Place, options: list[Option]) -> dict[str, int]:
    """A whole number for each option: its code, or its weight, or its place, whichever tells all options apart."""
    own = [_whole(one.code) for one in options]
    weights = [_whole(decimal(one.weight)) if one.weight is not None else None for one in options]
    for numbers in (own, weights):
        if None not in numbers and len(set(numbers)) == len(numbers):
            chosen = [one for one in numbers if one is not None]
            break
    else:
        chosen = list(range(1, len(options) + 1))
    if chosen != own:
        pairs = ", ".join(f"{one.code[:30]} is {number}" for one, number in zip(options[:10], chosen, strict=False))
        item.note(f"The codes are numbers here: {pairs}.")
    if any(one is not None and one != number for one, number in zip(weights, chosen, strict=True)):
        item.note("The weights of the options differ from their codes; they are not read.")
    return {one.code: number for one, number in zip(options, chosen, strict=True)}


def _whole(text: str) -> int | None:
    digits = text[1:] if text.startswith("-") else text
    is_whole = digits.isascii() and digits.isdigit() and len(digits) <= 4 and str(int(text)) == text
    return int(text) if is_whole and -999 <= int(text) <= 9999 else None


def _boolean(item: Place, _language: str) -> Answering:
    item.note("Yes or no is read as a choice with the codes 1 and 0.")
    texts = {lang: {"options": {1: yes, 0: no}} for lang, (yes, no) in YES_NO.items()}
    return Answering({"kind": "choice", "options": [1, 0]}, texts, {"true": 1, "false": 0})


def _number(item: Place, language: str) -> Answering:
    kind = item.get("type").value
    low, high = (places.number(item, url) for url in (names.MINIMUM, names.MAXIMUM))
    is_line = places.control(item) == "slider" and kind == "integer"
    if (
        is_line
        and isinstance(low, int)
        and isinstance(high, int)
        and 0 < high - low <= 100
        and low >= -999
        and high <= 9999
    ):
        places.number(item, names.STEP)
        return Answering({"kind": "vas", "minimum": low, "maximum": high}, _ends(item, language, {}))
    if low is None or high is None:
        item.note("A number has bounds; what the file does not bound is taken from 0 to a million.")
    if low is not None and high is not None and low >= high:
        item.note("The lowest number is not below the highest; both are left aside.")
        low = high = None
    code = _unit(item)
    if code is None:
        item.note("A number has a unit; “1” (none) is written.")
    places_kept = 0 if kind == "integer" else places.number(item, names.DECIMALS)
    scale = {
        "kind": "number",
        "unit": code or "1",
        "minimum": 0 if low is None else low,
        "maximum": LARGEST if high is None else high,
    }
    decimals = min(max(int(places_kept), 0), 6) if places_kept is not None else 2
    return Answering({**scale, **({"decimals": decimals} if decimals else {})})


def _unit(item: Place) -> str | None:
    """The unit of a number, or the first of those that may be chosen."""
    for url in (names.UNIT, names.UNIT_OPTION):
        unit = places.value(item, url, "Coding")
        unit.get("system")
        found = unit.get("display").text()
        if (code := unit.get("code").text() or found) is not None:
            return code
    return None


def _date(item: Place, _language: str) -> Answering:
    kind = item.get("type").value
    if kind == "dateTime":
        item.note("Only the date is read; the time of day has no place here.")
    form = places.value(item, names.FORMAT, "String")
    precision = PRECISIONS.get(form.text() or "YYYY-MM-DD")
    if precision is None:
        form.note("This format of a date is not known; the day is asked for.")
    bounds = {
        name: text
        for name, url in (("earliest", names.MINIMUM), ("latest", names.MAXIMUM))
        if (text := places.value(item, url, "Date").text()) is not None and len(text) == 10
    }
    return Answering({"kind": "date", "precision": precision or "day", **bounds})


def _words(item: Place, _language: str) -> Answering:
    length = {"text": "long"}.get(item.get("type").value, "short")
    most = item.get("maxLength").number()
    limit = {} if most is None else {"at_most": min(max(int(most), 1), 10_000)}
    return Answering({"kind": "text", "length": length, **limit})


READERS: Final[Mapping[str, Callable[[Place, str], Answering | None]]] = {
    "choice": _choice,
    "open-choice": _choice,
    "boolean": _boolean,
    "integer": _number,
    "decimal": _number,
    "quantity": _number,
    "date": _date,
    "dateTime": _date,
    "string": _words,
    "text": _words,
    "url": _words,
}
