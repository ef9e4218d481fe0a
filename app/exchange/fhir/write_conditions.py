"""Conditions as enableWhen, which every reader knows, and as FHIRPath where enableWhen cannot say them.

enableWhen is used only where it means exactly the same, an unanswered question included: FHIR does not say what "not
equal" means for one, so that is always FHIRPath.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from app.exchange import declared
from app.exchange.fhir import names
from app.exchange.fhir.elements import Json, expression, extension
from app.exchange.fhir.paths import SIGNS, Printer
from app.exchange.fhir.write_kinds import number
from app.exchange.formulas import AnyCondition
from app.questionnaires.conditions import And, Or, Test
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId, ScaleId
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

Comparison: TypeAlias = tuple[str, Json]
"""An operator of enableWhen and the answer it compares with."""


def enable(instrument: Instrument, condition: AnyCondition) -> tuple[list[Json], Json]:
    """The extensions and the fields of an item that is only asked where a condition is true.

    An own extension keeps the condition as it was written; whoever reads believes it only where it says the same.
    """
    kept = extension(names.CONDITION, "String", declared.line(as_plain(condition)))
    if (native := _native(instrument, condition)) is not None:
        return [kept], native
    path = expression(Printer(instrument).condition(condition))
    return [kept, extension(names.ENABLE, "Expression", path)], {}


def as_plain(condition: AnyCondition) -> Any:
    """The condition as a definition file writes it."""
    return declared.tidied(condition.model_dump(mode="python", by_alias=True, exclude_defaults=True))


def _native(instrument: Instrument, condition: AnyCondition) -> Json | None:
    """enableWhen and its behaviour; None where it cannot say this."""
    is_all = isinstance(condition, And)
    parts = (
        condition.and_ if isinstance(condition, And) else condition.or_ if isinstance(condition, Or) else (condition,)
    )
    rows: list[list[Json]] = []
    for one in parts:
        found = _leaf(instrument, one) if isinstance(one, Test) else None
        if not found:
            return None
        rows.append(found)
    if is_all and any(len(row) > 1 for row in rows):
        return None
    when = [one for row in rows for one in row]
    return {"enableWhen": when, **({"enableBehavior": "all" if is_all else "any"} if len(when) > 1 else {})}


def _leaf(instrument: Instrument, test: Test) -> list[Json] | None:
    """The rows of which one must hold; None where enableWhen has no words for it."""
    kind, name = test.subject
    operator, value = test.operator
    question, comparisons = SUBJECTS[kind](instrument, name, operator, value)
    if not comparisons:
        return None
    return [{"question": question, "operator": sign, **given} for sign, given in comparisons]


Found: TypeAlias = tuple[str, list[Comparison] | None]


def _of_answer(instrument: Instrument, name: str, operator: str, value: Any) -> Found:
    response = instrument.response_of(ItemId(name))
    system = names.options(instrument.code, instrument.items[ItemId(name)].response)
    return name, COMPARISONS[type(response)](response, system, operator, value)


def _of_fact(instrument: Instrument, name: str, operator: str, value: Any) -> Found:
    fact = instrument.facts[FactId(name)]
    if fact.values is None:
        return names.part("fact", name), _measured("Decimal", operator, value)
    words = [one for one in (value if operator == "in" else [value]) if isinstance(one, str)]
    system = names.options(instrument.code, name)
    coded: list[Comparison] = [("=", {"answerCoding": {"system": system, "code": one}}) for one in words]
    if operator == "answered":
        return names.part("fact", name), [("exists", {"answerBoolean": value})]
    return names.part("fact", name), coded if operator in ("eq", "in") and coded else None


def _of_score(_instrument: Instrument, name: str, operator: str, value: Any) -> Found:
    return names.part("score", ScaleId(name)), _measured("Decimal", operator, value)


def _measured(kind: str, operator: str, value: Any) -> list[Comparison] | None:
    if operator == "answered":
        return [("exists", {"answerBoolean": value})]
    constants = list(value) if operator == "in" else [value]
    if operator == "ne" or any(isinstance(one, str) for one in constants):
        return None
    if kind == "Integer" and not all(float(one).is_integer() for one in constants):
        return None
    sign = "=" if operator == "in" else SIGNS[operator]
    return [(sign, {f"answer{kind}": number(one)}) for one in constants]


def _coded(response: Coded, system: str, operator: str, value: Any) -> list[Comparison] | None:
    if operator == "answered":
        return None if response.not_answers else [("exists", {"answerBoolean": value})]
    return _listed(response.scored, system, operator, value)


def _several(response: Multiple | Ranking, system: str, operator: str, value: Any) -> list[Comparison] | None:
    if operator == "answered":
        return [("exists", {"answerBoolean": value})]
    return _listed(response.options, system, operator, value)


def _listed(codes: tuple[int, ...], system: str, operator: str, value: Any) -> list[Comparison] | None:
    """Codes of FHIR have no order: "more than 1" is "2, 3 or 4"."""
    constants = list(value) if operator == "in" else [value]
    if operator == "ne" or any(isinstance(one, str) for one in constants):
        return None
    chosen = [one for one in codes if (one in constants if operator == "in" else COMPARE[operator](one, value))]
    return [("=", {"answerCoding": {"system": system, "code": str(code)}}) for code in chosen] or None


def _line(response: Vas, _system: str, operator: str, value: Any) -> list[Comparison] | None:
    return None if response.not_answers else _measured("Integer", operator, value)


def _quantity(response: Quantity, _system: str, operator: str, value: Any) -> list[Comparison] | None:
    return _measured("Integer" if response.decimals == 0 else "Decimal", operator, value)


def _text(_response: Words, _system: str, operator: str, value: Any) -> list[Comparison] | None:
    if operator == "answered":
        return [("exists", {"answerBoolean": value})]
    return [("=", {"answerString": value})] if operator == "eq" and isinstance(value, str) else None


def _day(_response: Day, _system: str, operator: str, value: Any) -> list[Comparison] | None:
    return [("exists", {"answerBoolean": value})] if operator == "answered" else None


SUBJECTS: Final[Mapping[str, Callable[[Instrument, str, str, Any], Found]]] = {
    "answer": _of_answer,
    "fact": _of_fact,
    "score": _of_score,
}
COMPARISONS: Final[Mapping[type[ResponseScale], Callable[[Any, str, str, Any], list[Comparison] | None]]] = {
    Choice: _coded,
    Rating: _coded,
    Vas: _line,
    Multiple: _several,
    Ranking: _several,
    Quantity: _quantity,
    Day: _day,
    Words: _text,
}
