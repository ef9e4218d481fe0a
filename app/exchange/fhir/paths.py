"""Formulas and conditions in FHIRPath, whose logic has the same three values as ours: nothing is unknown.

Every answer and every score is an SDC variable of the whole questionnaire; expressions only name them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.exchange import formulas
from app.exchange.fhir.names import part, variable
from app.exchange.formulas import AnyCondition, Formula, Truth
from app.exchange.numbers import decimal
from app.questionnaires.conditions import And, Not, Or, Test
from app.questionnaires.definition import Fact, Instrument
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

SIGNS: Final[Mapping[str, str]] = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
MANY = (Multiple, Ranking)


def text(word: str) -> str:
    """A text as FHIRPath writes it."""
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + "'"


def constant(one: float | str) -> str:
    """A number or a text; a negative number in parentheses, so that it may stand behind any sign."""
    if isinstance(one, str):
        return text(one)
    return decimal(one) if one >= 0 else f"({decimal(one)})"


def answer(instrument: Instrument, item: ItemId) -> str:
    """The expression that finds the answer of an item, as a condition sees it: only what is an answer."""
    response = instrument.response_of(item)
    found = f"%resource.repeat(item).where(linkId={text(item)}).answer.value"
    return found + ANSWERS[type(response)](response)


def fact(name: FactId, one: Fact) -> str:
    """The expression that finds what is known about the person."""
    found = f"%resource.repeat(item).where(linkId={text(part('fact', name))}).answer.value"
    return found + (".code" if one.values is not None else "")


def _coded(response: Coded) -> str:
    return f".where(code in ({' | '.join(text(str(code)) for code in response.scored)})).code.toInteger()"


def _several(response: Multiple | Ranking) -> str:
    return f".where(code in ({' | '.join(text(str(code)) for code in response.options)})).select(code.toInteger())"


def _within(response: Quantity | Vas) -> str:
    return f".where($this >= {constant(response.minimum)} and $this <= {constant(response.maximum)})"


ANSWERS: Final[Mapping[type[ResponseScale], Callable[[Any], str]]] = {
    Choice: _coded,
    Rating: _coded,
    Vas: _within,
    Multiple: _several,
    Ranking: _several,
    Quantity: _within,
    Day: lambda _response: ".toString()",
    Words: lambda _response: "",
}


class Printer:
    """Prints for one instrument; it has to know which answers are several."""

    def __init__(self, instrument: Instrument) -> None:
        self.several = {item for item in instrument.items if isinstance(instrument.response_of(item), MANY)}

    def condition(self, condition: AnyCondition) -> str:
        """True, false, or empty where it is unknown."""
        match condition:
            case And():
                return " and ".join(f"({self.condition(one)})" for one in condition.and_)
            case Or():
                return " or ".join(f"({self.condition(one)})" for one in condition.or_)
            case Not():
                return f"({self.condition(condition.not_)}).not()"
        return self._leaf(condition)

    def _leaf(self, test: Test) -> str:
        kind, name = test.subject
        operator, value = test.operator
        subject = variable(name)
        if operator == "answered":
            return f"{subject}.exists()" if value else f"{subject}.exists().not()"
        if kind == "answer" and name in self.several:
            return f"iif({subject}.exists(), {subject}.{self._one_of_several(operator, value)}, {{}})"
        if operator == "in":
            return f"{subject} in ({' | '.join(map(constant, value))})"
        return f"{subject} {SIGNS[operator]} {constant(value)}"

    def _one_of_several(self, operator: str, value: Any) -> str:
        if operator == "ne":
            return f"all($this != {constant(value)})"
        if operator == "in":
            return f"where($this in ({' | '.join(map(constant, value))})).exists()"
        return f"where($this {SIGNS[operator]} {constant(value)}).exists()"

    def formula(self, formula: Formula) -> str:
        """A number, or empty where there is none."""
        result: str = PRINTERS[type(formula)](self, formula)
        return result

    def truth(self, truth: Truth) -> str:
        """True, or anything else."""
        if isinstance(truth, formulas.AtLeast):
            return f"({self.formula(truth.value)} >= {decimal(truth.number)})"
        written = self.condition(truth.condition)
        return f"({written})" if truth.is_true else f"(({written}).not())"


def _all(printer: Printer, parts: tuple[Formula, ...]) -> str:
    """Everything that is there, in order; equal numbers stay apart, which the sign | would not do."""
    first, *others = (printer.formula(one) for one in parts)
    return first + "".join(f".combine({one})" for one in others)


def _looked(printer: Printer, looked: formulas.Looked) -> str:
    """Halved again and again, so that a long table nests seldom; ``$this`` is the value, written once."""
    branches = [(key, printer.formula(number)) for key, number in sorted(looked.numbers.items())]
    # Inside of select() a name like %v_q1 means what it means outside; only $this is the value here.
    return f"({printer.formula(looked.value)}).select({_halved(branches, printer.formula(looked.otherwise))})"


def _halved(branches: list[tuple[float, str]], otherwise: str) -> str:
    if len(branches) == 1:
        key, number = branches[0]
        return f"iif($this = {constant(key)}, {number}, {otherwise})"
    middle = len(branches) // 2
    below, above = _halved(branches[:middle], otherwise), _halved(branches[middle:], otherwise)
    return f"iif($this < {constant(branches[middle][0])}, {below}, {above})"


def _choose(printer: Printer, choose: formulas.Choose) -> str:
    tests = " and ".join(map(printer.truth, choose.tests))
    return f"iif({tests}, {printer.formula(choose.then)}, {printer.formula(choose.other)})"


def _fulfilled(printer: Printer, one: formulas.Fulfilled) -> str:
    return f"{_all(printer, one.parts)}.where($this {SIGNS[one.operator]} {constant(one.number)}).count()"


def _rounded(printer: Printer, one: formulas.Rounded) -> str:
    """Halves to the even neighbour, as scoring does; round() of FHIRPath alone would take them up."""
    shifted = f"($this * {10**one.decimals})"
    is_tie = f"{shifted} - {shifted}.floor() = 0.5 and {shifted}.floor() mod 2 = 0"
    down = f"{shifted}.floor() / {10**one.decimals}"
    return f"({printer.formula(one.value)}).select(iif({is_tie}, {down}, $this.round({one.decimals})))"


def names(condition: AnyCondition | None) -> Iterator[tuple[str, str]]:
    """What a condition looks at: kind and name."""
    match condition:
        case Test():
            yield condition.subject
        case Not():
            yield from names(condition.not_)
        case And():
            for one in condition.and_:
                yield from names(one)
        case Or():
            for one in condition.or_:
                yield from names(one)


PRINTERS: Final[Mapping[type[Formula], Callable[[Printer, Any], str]]] = {
    formulas.Constant: lambda _printer, one: constant(one.number),
    formulas.Nothing: lambda _printer, _one: "{}",
    formulas.Value: lambda _printer, one: variable(one.name),
    formulas.Binary: lambda printer, one: f"({printer.formula(one.left)} {one.operator} {printer.formula(one.right)})",
    formulas.Total: lambda printer, one: f"{_all(printer, one.parts)}.sum()",
    formulas.Present: lambda printer, one: f"{_all(printer, one.parts)}.count()",
    formulas.Fulfilled: _fulfilled,
    formulas.Extreme: lambda printer, one: f"{_all(printer, one.parts)}.{'max' if one.is_highest else 'min'}()",
    formulas.FirstOf: lambda printer, one: f"{_all(printer, one.parts)}.first()",
    formulas.Looked: _looked,
    formulas.Rounded: _rounded,
    formulas.Choose: _choose,
}
