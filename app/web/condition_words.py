"""A condition of an instrument as a sentence: for whom a question is asked, or for whom a score counts."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from app.questionnaires.conditions import And, Condition, Not, Or, Test
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.questionnaires.response_scales import Choice
from app.questionnaires.rules import COMPARE
from app.questionnaires.wording import Wording
from app.web import instrument_form
from app.web.locale import _, lazy

FEW = 10
"""So many possible answers are named one by one; of more, the comparison is told."""

COMPARISONS: Mapping[str, Any] = {
    "eq": lazy("%(subject)s is %(value)s"),
    "ne": lazy("%(subject)s is not %(value)s"),
    "lt": lazy("%(subject)s is below %(value)s"),
    "le": lazy("%(subject)s is at most %(value)s"),
    "gt": lazy("%(subject)s is above %(value)s"),
    "ge": lazy("%(subject)s is at least %(value)s"),
    "in": lazy("%(subject)s is one of these: %(value)s"),
}


def in_words(condition: Condition, instrument: Instrument, wording: Wording) -> str:
    """The condition without a capital and without a full stop, to stand in a sentence."""
    match condition:
        case Test():
            return _test(condition, instrument, wording)
        case Not():
            return _("it is not true that %(condition)s", condition=in_words(condition.not_, instrument, wording))
        case And():
            parts = [_part(part, instrument, wording) for part in condition.and_]
            return reduce(lambda one, other: _("%(one)s and %(other)s", one=one, other=other), parts)
        case Or():
            parts = [_part(part, instrument, wording) for part in condition.or_]
            return reduce(lambda one, other: _("%(one)s or %(other)s", one=one, other=other), parts)


def _part(condition: Condition, instrument: Instrument, wording: Wording) -> str:
    """A condition among others: in brackets where it could be read as belonging to its neighbours."""
    words = in_words(condition, instrument, wording)
    is_joined = (isinstance(condition, And) and len(condition.and_) > 1) or (
        isinstance(condition, Or) and len(condition.or_) > 1
    )
    return f"({words})" if is_joined else words


def _test(test: Test, instrument: Instrument, wording: Wording) -> str:
    kind, name = test.subject
    operator, constant = test.operator
    subject = _subject(kind, name, instrument)
    if operator == "answered":
        return (_("%(subject)s is there") if constant else _("%(subject)s is missing")) % {"subject": subject}
    if kind == "answer":
        chosen = _answers(instrument, wording, ItemId(name), operator, constant)
        if chosen:
            is_one = len(chosen) == 1
            return str(COMPARISONS["eq" if is_one else "in"]) % {"subject": subject, "value": ", ".join(chosen)}
    values = constant if isinstance(constant, tuple) else (constant,)
    value = ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in values)
    return str(COMPARISONS[operator]) % {"subject": subject, "value": value}


def _subject(kind: str, name: str, instrument: Instrument) -> str:
    if kind == "answer":
        return _("the answer to question %(number)s", number=number_of(instrument, ItemId(name)))
    if kind == "score":
        return _("the score “%(scale)s”", scale=instrument.computed[ScaleId(name)].title)
    return _("“%(fact)s”", fact=instrument.facts[FactId(name)].title)


def number_of(instrument: Instrument, item: ItemId) -> str:
    """The number that a question has in print: its own where it has one, else its place."""
    return instrument.items[item].number or str(instrument.order.index(item) + 1)


def _answers(instrument: Instrument, wording: Wording, item: ItemId, operator: str, constant: Any) -> list[str]:
    """The answers that fulfil a comparison, in their own words; none where they are numbers, or too many."""
    scale = instrument.response_of(item)
    if not isinstance(scale, Choice) or len(scale.scored) > FEW:
        return []
    fits = [
        code for code in scale.scored if (code in constant if operator == "in" else COMPARE[operator](code, constant))
    ]
    return [_("“%(answer)s”", answer=instrument_form.label(instrument, wording, item, code)) for code in fits]
