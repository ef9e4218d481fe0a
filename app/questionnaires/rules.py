"""What a condition means: three-valued logic, for one person and for whole columns by the same walk.

True is 1, unknown 0, false -1. With these numbers "and" is the least, "or" the greatest and "not" the negative
(Kleene's strong logic), for single numbers and for arrays alike.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, Literal, TypeAlias, TypeVar

from app.questionnaires.conditions import And, Not, Or, Test

TRUE: Final = 1
UNKNOWN: Final = 0
FALSE: Final = -1
Truth: TypeAlias = Literal[1, 0, -1]
Value: TypeAlias = float | str | tuple[int, ...] | None
T = TypeVar("T")

COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}


def walk(
    condition: And | Or | Not | Test,
    leaf: Callable[[Test], T],
    least: Callable[[T, T], T],
    greatest: Callable[[T, T], T],
    negative: Callable[[T], T],
) -> T:
    """The truth of a tree from the truth of its leaves."""
    match condition:
        case And():
            return reduce(least, [walk(part, leaf, least, greatest, negative) for part in condition.and_])
        case Or():
            return reduce(greatest, [walk(part, leaf, least, greatest, negative) for part in condition.or_])
        case Not():
            return negative(walk(condition.not_, leaf, least, greatest, negative))
        case Test():
            return leaf(condition)


def truth(condition: And | Or | Not | Test, value_of: Callable[[str, str], Value]) -> int:
    """TRUE, FALSE or UNKNOWN for one person. ``value_of("answer", "q3")`` gives a value, or None where it is missing.

    Several chosen options (a tuple) are compared one by one: "eq" holds where one of them is equal, as in FHIR.
    """

    def leaf(test: Test) -> int:
        return _leaf(test, value_of(*test.subject))

    def negative(one: int) -> int:
        return -one

    return walk(condition, leaf, min, max, negative)


def holds(condition: And | Or | Not | Test | None, value_of: Callable[[str, str], Value]) -> bool:
    """Is it surely true? No condition always is."""
    return condition is None or truth(condition, value_of) == TRUE


def _leaf(test: Test, value: Value) -> int:
    operator, constant = test.operator
    if operator == "answered":
        return TRUE if (value is not None) == constant else FALSE
    if value is None:
        return UNKNOWN
    values = value if isinstance(value, tuple) else (value,)
    if operator == "in":
        return TRUE if any(one in constant for one in values) else FALSE
    if operator == "ne":
        return TRUE if all(one != constant for one in values) else FALSE
    return TRUE if any(_compares(operator, one, constant) for one in values) else FALSE


def _compares(operator: str, value: float | str, constant: float | str) -> bool:
    """A number and a word are never equal, and none is more than the other."""
    if isinstance(value, str) != isinstance(constant, str):
        return False
    return bool(COMPARE[operator](value, constant))
