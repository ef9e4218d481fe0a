"""What an answer to an item is, and how the text that a form or a client sends becomes one."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, Final, TypeAlias

from app.errors import Refusal
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded, Day, Multiple, Quantity, Ranking, ResponseScale, Words


class Declined(Enum):
    """An item that is done with and has no answer. Its value is what a form sends."""

    DECLINED = "declined"
    """Left out on purpose: "I prefer not to answer"."""
    LEFT_BLANK = "blank-on-paper"
    """Nothing stands there on a form that came in on paper; why, nobody knows."""
    UNUSABLE = "unusable-on-paper"
    """Something stands there, but it cannot be read, or is none of the possible answers, such as two ticks for one."""


class Blank(Enum):
    """An answer that was wiped out again: the item is open as if it had never been answered."""

    BLANK = ""


DECLINED: Final = Declined.DECLINED
LEFT_BLANK: Final = Declined.LEFT_BLANK
UNUSABLE: Final = Declined.UNUSABLE
ON_PAPER: Final[Mapping[str, Declined]] = {one.value: one for one in (LEFT_BLANK, UNUSABLE)}
"""What only whoever enters a form that came in on paper can say, by the word that a form sends."""
BLANK: Final = Blank.BLANK
Value: TypeAlias = int | float | str | tuple[int, ...]
"""An answer of any kind: a code, a number, a date or text, chosen options in the order of the definition, a ranking."""
AnswerValue: TypeAlias = Value | Declined
Answers: TypeAlias = Mapping[ItemId, AnswerValue]
Said: TypeAlias = AnswerValue | Blank
"""What a browser can say about an item: an answer, or that there is none any more."""

FILLED_FOR_GOOD: Final = frozenset({"choice", "rating"})
"""Kinds whose answer can be changed and declined, but not be wiped out: a ring that was filled stays filled."""

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")  # what no database takes


def coerce(instrument: Instrument, item_id: str, raw: str, *, is_declined: bool = False) -> Said:
    """What a text says about an item: an answer of its kind, that it is left out on purpose, or that it is wiped out.

    The word of ``DECLINED`` declines where nobody can have written it as an answer; ``is_declined`` says so everywhere.
    Raises Refusal: "unknown-item"; "answer-needed" where the item may not be left out; "answer-out-of-range".
    """
    item = ItemId(item_id)
    if item not in instrument.items:
        raise Refusal("unknown-item", {"item": item_id[:40]})
    scale = instrument.response_of(item)
    if is_declined or (raw == DECLINED.value and scale.kind != "text"):
        if instrument.items[item].required:
            raise Refusal("answer-needed", {"item": item_id})
        return DECLINED
    if raw == BLANK.value and scale.kind not in FILLED_FOR_GOOD:
        return BLANK
    value = value_of(scale, raw)
    if value is None:
        raise Refusal("answer-out-of-range", {"item": item_id})
    return value


def value_of(scale: ResponseScale, raw: str) -> Value | None:
    """The answer that a text stands for on a response scale; None where it is none.

    Several options are written with commas between them, a ranking likewise, first place first.
    """
    return COERCIONS[scale.kind](scale, raw)


def written(said: Said) -> str:
    """The text that ``coerce`` reads as the same: what a form's field holds, and what a client is told was stored."""
    if isinstance(said, Enum):
        return str(said.value)
    if isinstance(said, tuple):
        return ",".join(map(str, said))
    return str(int(said)) if isinstance(said, float) and said.is_integer() else str(said)


def given(answers: Answers) -> dict[ItemId, float]:
    """Only the answers that are numbers, as scoring takes them: for a score, left out on purpose is missing."""
    return {item: value for item, value in answers.items() if isinstance(value, int | float)}


def _one_of_the_values(scale: Coded, raw: str) -> int | None:
    """The allowed value whose plain decimal form was sent; nothing else (blanks, +1, 01, １) is let through."""
    return {str(value): value for value in scale.values}.get(raw)


def _options(scale: Multiple, raw: str) -> tuple[int, ...] | None:
    """The chosen options; an exclusive one only alone, and as many as are asked for."""
    chosen = _codes(scale.options, raw)
    if chosen is None or (len(chosen) > 1 and set(chosen) & set(scale.exclusive)):
        return None
    most = len(scale.options) if scale.at_most is None else scale.at_most
    is_allowed = scale.at_least <= len(chosen) <= most or set(chosen) <= set(scale.exclusive)
    return tuple(option for option in scale.options if option in chosen) if is_allowed else None


def _order(scale: Ranking, raw: str) -> tuple[int, ...] | None:
    ranked = _codes(scale.options, raw)
    return ranked if ranked is not None and len(ranked) == (scale.places or len(scale.options)) else None


def _codes(options: tuple[int, ...], raw: str) -> tuple[int, ...] | None:
    """Different codes out of a list, with commas between them."""
    known = {str(option): option for option in options}
    parts = raw.split(",") if raw else []
    is_clean = len(parts) <= len(options) and len(set(parts)) == len(parts) and all(part in known for part in parts)
    return tuple(known[part] for part in parts) if is_clean and parts else None


def _quantity(scale: Quantity, raw: str) -> int | float | None:
    """A plain decimal number within the bounds, with a point or a comma and no more decimals than are kept."""
    if not re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,6})?", raw, re.ASCII):
        return None
    whole, _, decimals = raw.replace(",", ".").partition(".")
    number = float(f"{whole}.{decimals or 0}") + 0.0  # no number is minus nought
    if len(decimals.rstrip("0")) > scale.decimals or not scale.minimum <= number <= scale.maximum:
        return None
    return number if scale.decimals else int(number)


def _day(scale: Day, raw: str) -> str | None:
    """``2026``, ``2026-05`` or ``2026-05-17``, as precise as the scale asks at least, within its bounds."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", raw, re.ASCII):
        return None
    if raw.count("-") < ("year", "month", "day").index(scale.precision):
        return None
    try:
        date.fromisoformat(raw + "-01" * (2 - raw.count("-")))
    except ValueError:
        return None
    is_late_enough = scale.earliest is None or raw >= scale.earliest[: len(raw)]
    return raw if is_late_enough and (scale.latest is None or raw <= scale.latest[: len(raw)]) else None


def _words(scale: Words, raw: str) -> str | None:
    """The text as written; one line only where the scale is short."""
    # Forms end their lines in another way than scripts do; the same text must stay the same answer.
    text = re.sub(r"\r\n?", "\n", raw).strip()
    is_one_line = scale.length == "long" or "\n" not in text
    return text if text and len(text) <= scale.at_most and is_one_line and not _UNWRITABLE.search(text) else None


COERCIONS: Mapping[str, Callable[[Any, str], Value | None]] = {
    "choice": _one_of_the_values,
    "rating": _one_of_the_values,
    "vas": _one_of_the_values,
    "multiple": _options,
    "ranking": _order,
    "number": _quantity,
    "date": _day,
    "text": _words,
}
