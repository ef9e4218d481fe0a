"""Conditions in REDCap's logic, which knows true and false only: a blank is a text of no length.

So a condition of ours is printed as "surely true" or as "surely false"; unknown is neither.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.exchange.formulas import AnyCondition
from app.exchange.numbers import decimal
from app.exchange.redcap.names import Names
from app.questionnaires.conditions import And, Not, Or, Test
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.response_scales import (
    Choice,
    Coded,
    Day,
    Multiple,
    Quantity,
    Ranking,
    Rating,
    ResponseScale,
    Vas,
    Words,
)
from app.questionnaires.rules import COMPARE

SIGNS: Final[Mapping[str, str]] = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
OPPOSITE: Final[Mapping[str, str]] = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
NEVER: Final = "1=0"


class Unsayable(Exception):
    """A comparison that REDCap has no words for; the text is why."""


def surely(names: Names, condition: AnyCondition, *, is_true: bool = True) -> str:
    """An expression that is true where the condition surely is (or surely is not), else false. Raises Unsayable."""
    match condition:
        case Not():
            return surely(names, condition.not_, is_true=not is_true)
        case And() | Or():
            parts = condition.and_ if isinstance(condition, And) else condition.or_
            word = "and" if isinstance(condition, And) is is_true else "or"
            return joined(word, [surely(names, one, is_true=is_true) for one in parts])
    return _leaf(names, condition, is_true)


def joined(word: str, parts: list[str]) -> str:
    """Parts with ``and`` or ``or`` between them, in parentheses where there are several."""
    return parts[0] if len(parts) == 1 else f" {word} ".join(f"({one})" for one in parts)


def answered(names: Names, kind: str, name: str, *, is_true: bool = True) -> str:
    """Is there an answer, a score, a fact? A code that is no answer is none."""
    field = names.field(kind, name)
    response = names.instrument.response_of(ItemId(name)) if kind == "answer" else None
    if isinstance(response, Multiple):
        boxes = [names.box(name, code) for code in response.options]
        return joined("or" if is_true else "and", [f"{box}='{int(is_true)}'" for box in boxes])
    silent = response.not_answers if isinstance(response, Coded) else ()
    sign = "<>" if is_true else "="
    return joined("and" if is_true else "or", [f"{field}{sign}''", *(f"{field}{sign}'{code}'" for code in silent)])


def _leaf(names: Names, test: Test, is_true: bool) -> str:
    kind, name = test.subject
    operator, value = test.operator
    if operator == "answered":
        return answered(names, kind, name, is_true=bool(value) is is_true)
    if kind == "answer":
        response = names.instrument.response_of(ItemId(name))
        return LEAVES[type(response)](names, test, is_true)
    if kind == "fact" and names.instrument.facts[FactId(name)].values is not None:
        words = names.instrument.facts[FactId(name)].values or ()
        wanted = value if operator == "in" else [value]
        places = [words.index(one) + 1 for one in wanted if one in words]
        return _one_of(names, kind, name, [str(place) for place in places], is_true is (operator != "ne"))
    return _number(names, test, is_true)


def _one_of(names: Names, kind: str, name: str, codes: list[str], is_one: bool) -> str:
    """The answer is one of these codes, or there is an answer and it is none of them."""
    field = names.field(kind, name)
    if is_one:
        return joined("or", [f"{field}='{code}'" for code in codes]) if codes else NEVER
    there = answered(names, kind, name)
    return joined("and", [there, *(f"{field}<>'{code}'" for code in codes)])


def _coded(names: Names, test: Test, is_true: bool) -> str:
    operator, value = test.operator
    if operator in ("eq", "ne", "in"):
        wanted = [one for one in (value if operator == "in" else [value]) if not isinstance(one, str)]
        return _one_of(
            names, "answer", test.subject[1], [decimal(one) for one in wanted], is_true is (operator != "ne")
        )
    return _number(names, test, is_true)


def _number(names: Names, test: Test, is_true: bool) -> str:
    kind, name = test.subject
    operator, value = test.operator
    field, there = names.field(kind, name), answered(names, kind, name)
    constants = [one for one in (value if operator == "in" else [value]) if not isinstance(one, str)]
    if operator == "in":
        found = joined(
            "or" if is_true else "and", [f"{field}{'=' if is_true else '<>'}{decimal(one)}" for one in constants]
        )
        return joined("and", [there, found])
    if not constants:
        return NEVER if (operator == "ne") is not is_true else there
    sign = SIGNS[operator if is_true else OPPOSITE[operator]]
    return joined("and", [there, f"{field}{sign}{decimal(constants[0])}"])


def _several(names: Names, test: Test, is_true: bool) -> str:
    """Boxes: one of those that fulfil the comparison is ticked, or none of them and another one is."""
    name = test.subject[1]
    operator, value = test.operator
    response = names.instrument.response_of(ItemId(name))
    options = response.options if isinstance(response, Multiple) else ()
    plain = "eq" if operator == "ne" else operator
    wanted = value if operator == "in" else None
    codes = [code for code in options if (code in wanted if wanted is not None else _compares(plain, code, value))]
    if is_true is (operator != "ne"):
        return joined("or", [f"{names.box(name, code)}='1'" for code in codes]) if codes else NEVER
    return joined("and", [answered(names, "answer", name), *(f"{names.box(name, code)}='0'" for code in codes)])


def _compares(operator: str, code: int, value: Any) -> bool:
    return not isinstance(value, str) and bool(COMPARE[operator](code, value))


def _text(names: Names, test: Test, is_true: bool) -> str:
    name = test.subject[1]
    operator, value = test.operator
    wanted = [one for one in (value if operator == "in" else [value]) if isinstance(one, str)]
    if operator not in ("eq", "ne", "in") or any("'" in one or "\n" in one for one in wanted):
        raise Unsayable(f"this comparison with {name}, which is a text, has no words in REDCap")
    return _one_of(names, "answer", name, wanted, is_true is (operator != "ne"))


def _unsayable(_names: Names, test: Test, _is_true: bool) -> str:
    raise Unsayable(f"REDCap has no question like {test.subject[1]} that logic could look at")


LEAVES: Final[Mapping[type[ResponseScale], Callable[[Names, Test, bool], str]]] = {
    Choice: _coded,
    Rating: _coded,
    Vas: _coded,
    Multiple: _several,
    Ranking: _unsayable,
    Quantity: _number,
    Day: _text,
    Words: _text,
}
