"""A second reader of REDCap's language: it turns an expression into values as REDCap's own documentation describes it.

It shares no line with the program: tokens are read by other means, and everything is evaluated at once.
"""

import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(r"\[([^\]]+)\]|'([^']*)'|([0-9]+(?:\.[0-9]+)?)|(<>|<=|>=|[-=<>+*/(),])|([a-z]+)|\s+")
Values = Mapping[str, Any]
UNDEFINED = object()
"""What comes of comparing a blank by size: no documentation says it, so nothing may depend on it."""


def value(expression: str, values: Values) -> Any:
    """The value of an expression: a number, a text, a truth; a blank is the empty text. KeyError for no such field."""
    reader = _Machine(expression, values)
    found = reader.either()
    assert reader.place == len(reader.tokens), expression
    assert found is not UNDEFINED, expression
    return found


class _Machine:
    def __init__(self, expression: str, values: Values) -> None:
        self.values, self.place = values, 0
        self.tokens = [one for one in TOKEN.finditer(expression) if one.group().strip()]
        assert "".join(one.group() for one in self.tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", expression)

    def next(self) -> str:
        return self.tokens[self.place].group() if self.place < len(self.tokens) else ""

    def take(self) -> Any:
        self.place += 1
        return self.tokens[self.place - 1]

    def either(self) -> Any:
        found = self.both()
        while self.next() == "or":
            self.take()
            right = self.both()
            found = _either(found, right)
        return found

    def both(self) -> Any:
        found = self.compared()
        while self.next() == "and":
            self.take()
            right = self.compared()
            found = _both(found, right)
        return found

    def compared(self) -> Any:
        left = self.added()
        if self.next() in ("=", "<>", "<", "<=", ">", ">="):
            sign = self.take().group()
            return _compare(sign, left, self.added())
        return left

    def added(self) -> Any:
        found = self.multiplied()
        while self.next() in ("+", "-"):
            sign = self.take().group()
            found = _compute(sign, found, self.multiplied())
        return found

    def multiplied(self) -> Any:
        found = self.single()
        while self.next() in ("*", "/"):
            sign = self.take().group()
            found = _compute(sign, found, self.single())
        return found

    def single(self) -> Any:
        token = self.take()
        field, text, number, sign, word = token.groups()
        if field is not None:
            if self.next().startswith("[") and "(" not in field:  # the event stands in front
                return self.values[f"{field}.{self.take().group(1)}"]
            return self.values[field]
        if text is not None:
            return text
        if number is not None:
            return float(number)
        if sign == "-":
            return -self.single()
        if sign == "(":
            found = self.either()
            self.take()
            return found
        return FUNCTIONS[word](*self.arguments())

    def arguments(self) -> list[Any]:
        self.take()
        found = []
        while self.next() != ")":
            found.append(self.either())
            if self.next() == ",":
                self.take()
        self.take()
        return found


def _either(one: Any, other: Any) -> Any:
    if one is True or other is True:
        return True
    return UNDEFINED if UNDEFINED in (one, other) else False


def _both(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    return UNDEFINED if UNDEFINED in (one, other) else True


def _if(test: Any, then: Any, other: Any) -> Any:
    return UNDEFINED if test is UNDEFINED else then if test else other


def _number(one: Any) -> float | None:
    try:
        return float(one)
    except ValueError:
        return None


def _compare(sign: str, left: Any, right: Any) -> Any:
    """Numbers as numbers where both are some, else as texts."""
    if UNDEFINED in (left, right):
        return UNDEFINED
    one, other = _number(left), _number(right)
    if one is None or other is None:
        one, other = str(left), str(right)  # type: ignore[assignment]
    signs = {"=": one == other, "<>": one != other}
    if sign in signs:
        return signs[sign]
    if "" in (one, other):
        return UNDEFINED
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]  # type: ignore[operator]


def _compute(sign: str, left: Any, right: Any) -> Any:
    if UNDEFINED in (left, right):
        return UNDEFINED
    one, other = _number(left), _number(right)
    if one is None or other is None:
        return ""
    if sign == "/":
        return one / other if other else UNDEFINED
    return {"+": one + other, "-": one - other, "*": one * other}[sign]


def _there(parts: tuple[Any, ...]) -> list[float]:
    return [float(one) for one in parts if one != ""]


FUNCTIONS = {
    "if": _if,
    "max": lambda *parts: max(_there(parts), default=""),
    "min": lambda *parts: min(_there(parts), default=""),
    "sum": lambda *parts: sum(_there(parts)),
    "round": lambda number, places: "" if number == "" else round(number, int(places)),
}
