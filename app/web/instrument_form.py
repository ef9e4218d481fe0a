"""A screen of an instrument as a form: what is shown of each item, and what a browser's fields mean.

One row per kind of response scale decides how it is shown; how it is read is decided in app.questionnaires.answers.
There are kinds without a row yet: app.web.showable refuses an instrument that has one before anybody meets it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.errors import Refusal
from app.questionnaires import answers, routing
from app.questionnaires.answers import Value
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Choice, Coded, Rating
from app.questionnaires.routing import Screen
from app.questionnaires.wording import Wording
from app.responses import collect
from app.responses.revisions import Given, Kept

Option = tuple[int, str]
# With a prefix no item can be named like a field of ours, such as the token or the button.
ANSWER, SEEN = "answer-", "seen-"


@dataclass(frozen=True, slots=True)
class Question:
    """One item as shown; ``answer`` is a value, ``declined`` or None, ``revision`` what the browser has then seen.

    ``others`` may be chosen too but are no answers, such as "does not apply". ``is_declinable``: the instrument has no
    "I prefer not to answer" of its own among them, so ours is offered.
    """

    item: ItemId
    number: int
    text: str
    recall: str | None
    kind: str
    options: tuple[Option, ...]
    others: tuple[Option, ...]
    is_declinable: bool
    answer: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a posted screen says: the answers, the items without any, and the codes of what cannot be an answer."""

    given: tuple[Given, ...]
    missing: tuple[ItemId, ...]
    refused: Mapping[ItemId, str]


def questions(
    instrument: Instrument, wording: Wording, screen: Screen, kept: Mapping[ItemId, Kept], typed: Mapping[str, str]
) -> list[Question]:
    """The questions of a screen with the answers so far; ``typed`` is what could not be saved and must not be lost."""
    order = routing.asked(instrument, collect.in_force(kept))
    return [
        Question(
            item=item,
            number=order.index(item) + 1,
            text=wording.item_text(item),
            recall=wording.recall_of(instrument, item),
            kind=instrument.response_of(item).kind,
            options=options(instrument, wording, item),
            others=others(instrument, wording, item),
            is_declinable="prefer-not-to-answer" not in _not_answers(instrument, item).values(),
            answer=typed.get(ANSWER + item) or (answers.written(kept[item].answer) if item in kept else None),
            revision=kept[item].revision if item in kept else 0,
        )
        for item in screen.items
    ]


def options(instrument: Instrument, wording: Wording, item: ItemId) -> tuple[Option, ...]:
    """The answers one may choose, with their words."""
    scale = instrument.response_of(item)
    return OPTIONS[scale.kind](scale, wording, instrument.items[item].response)


def others(instrument: Instrument, wording: Wording, item: ItemId) -> tuple[Option, ...]:
    """What one may choose instead of an answer, with its words."""
    response = instrument.items[item].response
    return tuple((code, wording.option_text(response, code) or str(code)) for code in _not_answers(instrument, item))


def label(instrument: Instrument, wording: Wording, item: ItemId, value: Value) -> str:
    """One answer in words, for the review."""
    beside = dict(others(instrument, wording, item))
    if not isinstance(value, int):
        return answers.written(value)
    if value in beside:
        return beside[value]
    text = dict(options(instrument, wording, item))[value]
    return LABELS[instrument.response_of(item).kind](value, text)


def posted_items(instrument: Instrument, fields: MultiDict[str, str]) -> tuple[ItemId, ...]:
    """The items that a posted page showed, in order. What it shows now may be others, by answers given meanwhile."""
    return tuple(item for item in instrument.order if SEEN + item in fields)


def read(instrument: Instrument, items: tuple[ItemId, ...], fields: MultiDict[str, str]) -> Read:
    """What a browser posted for the items of a page; nothing is trusted, and nothing is dropped without a word."""
    given: list[Given] = []
    missing: list[ItemId] = []
    refused: dict[ItemId, str] = {}
    for item in items:
        raw = fields.get(ANSWER + item, "")
        if not raw:
            missing.append(item)
            continue
        try:
            given.append(Given(item, answers.coerce(instrument, item, raw), seen(fields.get(SEEN + item, ""))))
        except Refusal as refusal:
            refused[item] = refusal.code
    return Read(tuple(given), tuple(missing), refused)


def seen(raw: str) -> int:
    """The revision a browser says it had seen; what is no revision counts as none seen."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0


def _not_answers(instrument: Instrument, item: ItemId) -> Mapping[int, str]:
    scale = instrument.response_of(item)
    return scale.not_answers if isinstance(scale, Coded) else {}


def _labelled(scale: Choice, wording: Wording, response: str) -> tuple[Option, ...]:
    return tuple((value, wording.option_text(response, value) or str(value)) for value in scale.scored)


def _ends(scale: Rating, wording: Wording, response: str) -> tuple[Option, ...]:
    low, high = wording.ends(response) or ("", "")
    named = {scale.minimum: low, scale.maximum: high}
    return tuple((value, named.get(value) or str(value)) for value in scale.scored)


def _text_alone(_value: int, text: str) -> str:
    return text


def _number_first(value: int, text: str) -> str:
    return text if text == str(value) else f"{value} – {text}"


OPTIONS: Mapping[str, Callable[[Any, Wording, str], tuple[Option, ...]]] = {
    "choice": _labelled,
    "rating": _ends,
}
LABELS: Mapping[str, Callable[[int, str], str]] = {
    "choice": _text_alone,
    "rating": _number_first,
}
