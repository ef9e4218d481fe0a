"""What an answer to an item is, and how the text that a form or a client sends becomes one."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, TypeAlias

from app.errors import Refusal
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Choice, Rating


class Declined(Enum):
    """An item left out on purpose: "I prefer not to answer". Its value is what a form sends."""

    DECLINED = "declined"


DECLINED: Final = Declined.DECLINED
AnswerValue: TypeAlias = int | Declined
Answers: TypeAlias = Mapping[ItemId, AnswerValue]


def coerce(instrument: Instrument, item_id: str, raw: str) -> AnswerValue:
    """The answer that a text stands for. Raises Refusal: "unknown-item" or "answer-out-of-range".

    An empty text is no answer and is refused as well: who has nothing to save does not ask.
    """
    item = ItemId(item_id)
    if item not in instrument.items:
        raise Refusal("unknown-item", {"item": item_id[:40]})
    if raw == DECLINED.value:
        return DECLINED
    scale = instrument.response_of(item)
    value = COERCIONS[scale.kind](scale, raw)
    if value is None:
        raise Refusal("answer-out-of-range", {"item": item_id})
    return value


def given(answers: Answers) -> dict[ItemId, int]:
    """Only the answers with a value, as scoring takes them: for a score, left out on purpose is missing."""
    return {item: value for item, value in answers.items() if isinstance(value, int)}


def _one_of_the_values(scale: Choice | Rating, raw: str) -> int | None:
    """The allowed value whose plain decimal form was sent; nothing else (blanks, +1, 01, １) is let through."""
    return {str(value): value for value in scale.values}.get(raw)


COERCIONS: Mapping[str, Callable[[Choice | Rating, str], int | None]] = {
    "choice": _one_of_the_values,
    "rating": _one_of_the_values,
}
