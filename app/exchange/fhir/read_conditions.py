"""enableWhen into a condition of ours. A row that is not understood makes the whole condition unread, and says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange import declared
from app.exchange.fhir import names, places
from app.exchange.fhir.read_kinds import Answering
from app.exchange.json_places import Place

OPERATORS: Final = {"=": "eq", "!=": "ne", ">": "gt", "<": "lt", ">=": "ge", "<=": "le", "exists": "answered"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition may look at: our subject for each linkId, and how items are answered."""

    subjects: Mapping[str, tuple[str, str]]
    answerings: Mapping[str, Answering]


def condition(item: Place, known: Known, *, trusted: bool) -> Any:
    """The condition of an item as a definition writes it; None where it has none or where it is not read.

    ``trusted``: believe the extension in which WeShare keeps the condition as it was written.
    """
    kept = places.value(item, names.CONDITION, "String")
    if trusted and isinstance(kept.value, str) and (found := _kept(kept.value)) is not None:
        item.get("enableWhen").whole()
        item.get("enableBehavior")
        places.value(item, names.ENABLE, "Expression").whole()
        return found
    if not isinstance(item.value, dict) or "enableWhen" not in item.value:
        return None
    rows = list(item.get("enableWhen").each())
    read = [_row(row, known) for row in rows]
    if None in read or not read:
        item.get("enableWhen").note("The condition is not read, so the question is always asked.")
        return None
    return _joined([one for one in read if one is not None], is_all=item.get("enableBehavior").value == "all")


def _kept(text: str) -> Any:
    try:
        return declared.from_line(text)
    except ValueError:
        return None


def _joined(tests: list[dict[str, Any]], *, is_all: bool) -> Any:
    """Several rows as one condition; the same question equal to one of several answers is ``in``."""
    if len(tests) == 1:
        return tests[0]
    if not is_all and len({json.dumps({**one, "eq": 0}) for one in tests}) == 1 and all("eq" in one for one in tests):
        first = {key: one for key, one in tests[0].items() if key != "eq"}
        return {**first, "in": [one["eq"] for one in tests]}
    return {"and" if is_all else "or": tests}


def _row(row: Place, known: Known) -> dict[str, Any] | None:
    link, sign = row.get("question").text(), row.get("operator").value
    subject = known.subjects.get(link or "")
    operator = OPERATORS.get(sign) if isinstance(sign, str) else None
    kind = next((key for key in row.value if key.startswith("answer")), None) if isinstance(row.value, dict) else None
    if subject is None or operator is None or kind is None:
        row.note("This looks at a question that is not read, or compares in a way that is not known.")
        return None
    answer = row.get(kind)
    value = answer.value if operator == "answered" else _value(answer, kind, known.answerings.get(link or ""))
    if value is None or isinstance(value, bool) != (operator == "answered"):
        answer.note("This is no answer to the question that it is compared with.")
        return None
    return {subject[0]: subject[1], operator: value}


def _value(answer: Place, kind: str, answering: Answering | None) -> Any:
    """The answer that is compared with, in our codes."""
    codes = answering.codes if answering is not None else {}
    if kind == "answerCoding":
        answer.get("system")
        answer.get("display")
        code = answer.get("code").text()
        return codes.get(code or "") if codes else code
    if kind == "answerBoolean":
        return codes.get(str(answer.value).lower())
    if kind == "answerQuantity":
        return answer.get("value").number()
    if kind in ("answerInteger", "answerDecimal"):
        number = answer.number()
        return codes.get(str(number)) if codes else number
    return answer.text()
