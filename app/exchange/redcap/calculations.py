"""Formulas as REDCap's calculated fields.

A blank is passed over by asking for it, because what REDCap does with blanks differs from function to function.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.exchange import formulas
from app.exchange.formulas import Formula, Truth
from app.exchange.numbers import decimal
from app.exchange.redcap import logic
from app.exchange.redcap.names import Names

BLANK: Final = "''"


def printed(names: Names, formula: Formula) -> str:
    """The calculation; a blank where there is no value. Raises logic.Unsayable."""
    result: str = PRINTERS[type(formula)](names, formula)
    return result


def _number(value: float) -> str:
    return decimal(value) if value >= 0 else f"({decimal(value)})"


def _truth(names: Names, truth: Truth) -> str:
    if isinstance(truth, formulas.AtLeast):
        return f"{printed(names, truth.value)} >= {decimal(truth.number)}"
    return logic.surely(names, truth.condition, is_true=truth.is_true)


def _there(names: Names, formula: Formula) -> str:
    """Is there a value? Parts of scores are quantities, perhaps turned round or looked up."""
    match formula:
        case formulas.Value():
            kind = "answer" if formula.name in names.instrument.items else "score"
            return logic.answered(names, kind, formula.name)
        case formulas.Binary():
            return _there(names, formula.left if isinstance(formula.right, formulas.Constant) else formula.right)
        case formulas.Looked():
            return _there(names, formula.value)
    raise logic.Unsayable("a part of the score is no plain quantity")


def _if(names: Names, part: Formula, then: str, other: str) -> str:
    return f"if({_there(names, part)}, {then}, {other})"


def _total(names: Names, total: formulas.Total) -> str:
    return "(" + " + ".join(_if(names, part, printed(names, part), "0") for part in total.parts) + ")"


def _present(names: Names, present: formulas.Present) -> str:
    return "(" + " + ".join(_if(names, part, "1", "0") for part in present.parts) + ")"


def _fulfilled(names: Names, one: formulas.Fulfilled) -> str:
    tests = [
        f"({_there(names, part)}) and ({printed(names, part)}{logic.SIGNS[one.operator]}{_number(one.number)})"
        for part in one.parts
    ]
    return "(" + " + ".join(f"if({test}, 1, 0)" for test in tests) + ")"


def _extreme(names: Names, extreme: formulas.Extreme) -> str:
    parts = ", ".join(_if(names, part, printed(names, part), BLANK) for part in extreme.parts)
    return f"{'max' if extreme.is_highest else 'min'}({parts})"


def _first(names: Names, first: formulas.FirstOf) -> str:
    result = BLANK
    for part in reversed(first.parts):
        result = _if(names, part, printed(names, part), result)
    return result


def _looked(names: Names, looked: formulas.Looked) -> str:
    value, otherwise = printed(names, looked.value), printed(names, looked.otherwise)

    def halved(branches: list[tuple[float, Formula]]) -> str:
        if len(branches) == 1:
            return f"if({value}={_number(branches[0][0])}, {printed(names, branches[0][1])}, {otherwise})"
        middle = len(branches) // 2
        return f"if({value}<{_number(branches[middle][0])}, {halved(branches[:middle])}, {halved(branches[middle:])})"

    return f"if({_there(names, looked.value)}, {halved(sorted(looked.numbers.items()))}, {BLANK})"


def _choose(names: Names, choose: formulas.Choose) -> str:
    tests = logic.joined("and", [_truth(names, one) for one in choose.tests])
    return f"if({tests}, {printed(names, choose.then)}, {printed(names, choose.other)})"


def _value(names: Names, value: formulas.Value) -> str:
    return names.field("answer", value.name)


PRINTERS: Final[Mapping[type[Formula], Callable[[Names, Any], str]]] = {
    formulas.Constant: lambda _names, one: _number(one.number),
    formulas.Nothing: lambda _names, _one: BLANK,
    formulas.Value: _value,
    formulas.Binary: lambda names, one: f"({printed(names, one.left)} {one.operator} {printed(names, one.right)})",
    formulas.Total: _total,
    formulas.Present: _present,
    formulas.Fulfilled: _fulfilled,
    formulas.Extreme: _extreme,
    formulas.FirstOf: _first,
    formulas.Looked: _looked,
    formulas.Rounded: lambda names, one: f"round({printed(names, one.value)}, {one.decimals})",
    formulas.Choose: _choose,
}
