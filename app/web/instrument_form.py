"""A screen of an instrument as a form: what is shown of each item, and what a browser's fields mean.

Tables with one row per kind of response scale decide what is drawn (question_shapes), which fields there are
(question_parts), what is said about them (question_words), and what counts as an answer (app.questionnaires.answers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from app.errors import Refusal
from app.questionnaires import answers, routing
from app.questionnaires.answers import BLANK, DECLINED, FILLED_FOR_GOOD, ON_PAPER, Declined, Said, Value
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded, ResponseScale
from app.questionnaires.routing import NOTHING_KNOWN, Known, Screen
from app.questionnaires.wording import Wording
from app.responses import collect
from app.responses.collect import Given, Kept
from app.web import question_words
from app.web.question_parts import ANSWER, BESIDE, PARTS, Filled, field, filled_with, typed_in
from app.web.question_shapes import DETAILS, FIRST, OPTIONS, Details, Option

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Question:
    """One item as shown; ``filled`` is what stands in its fields, ``revision`` what the browser has then seen.

    ``others`` may be chosen too but are no answers, such as "does not apply". ``is_declinable``: "I prefer not to
    answer" is offered by us, because the item may be left out and the instrument has no such answer of its own.
    ``on_paper``: what may be said instead of an answer by whoever enters a form from paper.
    """

    item: ItemId
    number: int
    text: str
    recall: str | None
    kind: str
    options: tuple[Option, ...]
    others: tuple[Option, ...]
    is_declinable: bool
    details: Details
    hint: str
    filled: Filled
    revision: int
    on_paper: tuple[tuple[str, str], ...] = ()

    def values(self, part: str = ANSWER) -> tuple[str, ...]:
        """What stands in a part."""
        return next((values for name, values in self.filled if name == part), ())

    def value(self, part: str = ANSWER) -> str:
        """What stands in a part that holds one text."""
        return next(iter(self.values(part)), "")

    @property
    def is_filled(self) -> bool:
        """Whether anything stands in its fields."""
        return any(any(values) for _part, values in self.filled)

    @property
    def first_field(self) -> str:
        """The id of the first field, for a summary of mistakes to lead to."""
        return f"{self.item}-{FIRST[self.kind](self.options)}"


@dataclass(frozen=True, slots=True)
class Read:
    """What a posted screen says: the answers, the items without any, and a sentence about what cannot be an answer."""

    given: tuple[Given, ...]
    missing: tuple[ItemId, ...]
    refused: Mapping[ItemId, str]


def questions(
    instrument: Instrument,
    wording: Wording,
    screen: Screen,
    kept: Mapping[ItemId, Kept],
    typed: Mapping[str, str],
    known: Known = NOTHING_KNOWN,
    *,
    is_on_paper: bool = False,
) -> list[Question]:
    """The questions of a screen with the answers so far; ``typed`` is what could not be saved and must not be lost."""
    order = routing.asked(instrument, collect.in_force(kept), known)
    fields = MultiDict(typed)
    asked = [
        _question(instrument, wording, item, order.index(item) + 1, kept.get(item), fields) for item in screen.items
    ]
    marks = question_words.on_paper() if is_on_paper else ()
    return [replace(one, on_paper=marks) for one in asked] if is_on_paper else asked


def _question(
    instrument: Instrument,
    wording: Wording,
    item: ItemId,
    number: int,
    kept: Kept | None,
    fields: MultiDict[str, str],
) -> Question:
    scale, response = instrument.response_of(item), instrument.items[item].response
    return Question(
        item=item,
        number=number,
        text=wording.item_text(item),
        recall=wording.recall_of(instrument, item),
        kind=scale.kind,
        options=options(instrument, wording, item),
        others=others(instrument, wording, item),
        is_declinable=is_declinable(instrument, item),
        details=DETAILS[scale.kind](scale, wording, response),
        hint=question_words.HINTS[scale.kind](scale),
        filled=_filled(scale, item, kept, fields),
        revision=kept.revision if kept else 0,
    )


def is_declinable(instrument: Instrument, item: ItemId) -> bool:
    """Whether "I prefer not to answer" is to be offered."""
    is_own = "prefer-not-to-answer" in _not_answers(instrument, item).values()
    return not is_own and not instrument.items[item].required


def options(instrument: Instrument, wording: Wording, item: ItemId) -> tuple[Option, ...]:
    """The answers one may choose, with their words; none where the answer is written or marked."""
    scale = instrument.response_of(item)
    return OPTIONS[scale.kind](scale, wording, instrument.items[item].response)


def others(instrument: Instrument, wording: Wording, item: ItemId) -> tuple[Option, ...]:
    """What one may choose instead of an answer, with its words."""
    response = instrument.items[item].response
    return tuple((code, wording.option_text(response, code) or str(code)) for code in _not_answers(instrument, item))


def label(instrument: Instrument, wording: Wording, item: ItemId, value: Value) -> str:
    """One answer in words, for the review."""
    beside = dict(others(instrument, wording, item))
    if isinstance(value, int) and value in beside:
        return beside[value]
    scale = instrument.response_of(item)
    return question_words.LABELS[scale.kind](value, scale, dict(options(instrument, wording, item)))


def posted_items(instrument: Instrument, fields: MultiDict[str, str]) -> tuple[ItemId, ...]:
    """The items that a posted page showed, in order. What it shows now may be others, by answers given meanwhile."""
    return tuple(item for item in instrument.order if field(SEEN, item) in fields)


def read(
    instrument: Instrument, items: tuple[ItemId, ...], fields: MultiDict[str, str], *, is_on_paper: bool = False
) -> Read:
    """What a browser posted for the items of a page; nothing is trusted, and nothing is dropped without a word."""
    given: list[Given] = []
    missing: list[ItemId] = []
    refused: dict[ItemId, str] = {}
    for item in items:
        try:
            said = _said(instrument, item, fields, is_on_paper)
        except Refusal as refusal:
            refused[item] = str(refusal.facts["sentence"])
            continue
        if said is not None:
            given.append(Given(item, said, seen(fields.get(field(SEEN, item), ""))))
        if said is None or said is BLANK:
            missing.append(item)
    return Read(tuple(given), tuple(missing), refused)


def said(instrument: Instrument, item: str, raw: str, *, is_declined: bool = False) -> Said:
    """What a text says about an item. Refusals: ``unknown-item``, and ``not-an-answer`` with a ``sentence``."""
    try:
        return answers.coerce(instrument, item, raw, is_declined=is_declined)
    except Refusal as refusal:
        if refusal.code == "unknown-item":
            raise
        scale = instrument.response_of(ItemId(item))
        is_needed = refusal.code == "answer-needed"
        words = question_words.MISSING[scale.kind][1] if is_needed else question_words.REFUSED[scale.kind](scale, raw)
        raise Refusal("not-an-answer", {"sentence": str(words)}) from refusal


def seen(raw: str) -> int:
    """The revision a browser says it had seen; what is no revision counts as none seen."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0


def _said(instrument: Instrument, item: ItemId, fields: MultiDict[str, str], is_on_paper: bool) -> Said | None:
    """What the fields of a question say; None where they say nothing and there is nothing that they could wipe out."""
    scale = instrument.response_of(item)
    typed = typed_in(scale, item, fields)
    raw, instead = PARTS[scale.kind].read(scale, typed), typed.get(BESIDE, ())
    if len(instead) > 1 or (instead and raw):
        raise Refusal("not-an-answer", {"sentence": question_words.both(scale)})
    if not raw and not instead and scale.kind in FILLED_FOR_GOOD:
        return None
    mark = ON_PAPER.get("".join(instead) if PARTS[scale.kind].has_beside else raw)
    if is_on_paper and mark is not None:
        return mark
    is_declined = DECLINED.value in instead
    return said(instrument, item, raw or "".join(instead), is_declined=is_declined)


def _filled(scale: ResponseScale, item: ItemId, kept: Kept | None, fields: MultiDict[str, str]) -> Filled:
    """What was typed where a question is in the form, also where all of it was taken away; else what is stored."""
    typed = typed_in(scale, item, fields)
    is_emptied = scale.kind not in FILLED_FOR_GOOD and field(SEEN, item) in fields
    if typed or is_emptied:
        return tuple((part, tuple(values)) for part, values in typed.items())
    raw = answers.written(kept.answer) if kept else ""
    instead = {str(code) for code in (scale.not_answers if isinstance(scale, Coded) else ())}
    if kept is not None and isinstance(kept.answer, Declined):
        instead.add(kept.answer.value)
    return filled_with(scale, raw, frozenset(instead))


def _not_answers(instrument: Instrument, item: ItemId) -> Mapping[int, str]:
    scale = instrument.response_of(item)
    return scale.not_answers if isinstance(scale, Coded) else {}
