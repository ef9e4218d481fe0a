"""How an instrument is walked: which items are asked, on which screens, and what is still open.

Everything rests on ``asked``: the conditions of items and pages are decided there and nowhere else.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from app.errors import Refusal
from app.questionnaires.answers import Answers, AnswerValue
from app.questionnaires.definition import Instrument, Plausibility
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded
from app.questionnaires.rules import FALSE, TRUE, Value, holds, truth

Layout: TypeAlias = Literal["page", "item"]
Knows: TypeAlias = Callable[[str, str], Value]
NO_ANSWERS: Final[Answers] = MappingProxyType({})


def nothing_known(_kind: str, _name: str) -> Value:
    """Nothing is known beside the answers."""
    return None


@dataclass(frozen=True, slots=True)
class Screen:
    """Items shown together; ``number`` counts from 1."""

    number: int
    items: tuple[ItemId, ...]
    page_key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the asked items have an answer; "I prefer not to answer" is one."""

    answered: int
    total: int


def asked(instrument: Instrument, answers: Answers, knows: Knows = nothing_known) -> tuple[ItemId, ...]:
    """The items that a person with these answers is asked, in order; answers to others are kept, not counted.

    ``knows`` gives scores and facts to the conditions that look at them.
    """
    return tuple(item for item, is_asked in _truths(instrument, answers, knows).items() if is_asked == TRUE)


def with_skipped(instrument: Instrument, answers: Answers, knows: Knows = nothing_known) -> dict[ItemId, AnswerValue]:
    """The answers on the path, and the ``skipped`` answer of each item that routing surely left out and that has one.

    This is what is scored. An item that was asked and left blank stays missing, and so does one whose condition is
    unknown because the question before it was left blank.
    """
    kept: dict[ItemId, AnswerValue] = {}
    for name, is_asked in _truths(instrument, answers, knows).items():
        skipped = instrument.items[name].skipped
        if is_asked == TRUE and name in answers:
            kept[name] = answers[name]
        elif is_asked == FALSE and skipped is not None:
            kept[name] = skipped
    return kept


def objections(instrument: Instrument, answers: Answers, knows: Knows = nothing_known) -> tuple[Plausibility, ...]:
    """The checks that have something to say about these answers, in order."""
    value_of = _reader(instrument, answers, knows, frozenset(asked(instrument, answers, knows)))
    return tuple(check for check in instrument.checks if holds(check.when, value_of))


def _truths(instrument: Instrument, answers: Answers, knows: Knows) -> dict[ItemId, int]:
    """Whether each item is asked: TRUE, FALSE, or UNKNOWN where an answer that decides is missing; in order.

    An answer to an item that is not asked is no answer for a later condition: a branch that was left opens nothing.
    """
    found: dict[ItemId, int] = {}
    on_path: set[ItemId] = set()
    value_of = _reader(instrument, answers, knows, on_path)
    for page in instrument.pages:
        whole = TRUE if page.ask_if is None else truth(page.ask_if, value_of)
        for item in page.items:
            own = instrument.items[item].ask_if
            found[item] = min(whole, TRUE if own is None else truth(own, value_of))
            if found[item] == TRUE:
                on_path.add(item)
    return found


def _reader(instrument: Instrument, answers: Answers, knows: Knows, on_path: AbstractSet[ItemId]) -> Knows:
    """What conditions see: answers on the path that are answers, and what else is known."""

    def value_of(kind: str, name: str) -> Value:
        if kind != "answer":
            return knows(kind, name)
        item = ItemId(name)
        answer = answers.get(item) if item in on_path else None
        return answer if isinstance(answer, int) and answer not in _not_answers(instrument, item) else None

    return value_of


def screens(instrument: Instrument, layout: Layout, answers: Answers = NO_ANSWERS) -> tuple[Screen, ...]:
    """The screens in order: the instrument's pages, or one item each."""
    return tuple(
        Screen(number, items, page_key)
        for number, (page_key, items) in enumerate(_LAYOUTS[layout](instrument, answers), start=1)
    )


def screen_of(instrument: Instrument, layout: Layout, item: ItemId, answers: Answers = NO_ANSWERS) -> Screen:
    """The screen that asks an item. Raises Refusal("unknown-item") where no screen does."""
    for screen in screens(instrument, layout, answers):
        if item in screen.items:
            return screen
    raise Refusal("unknown-item", {"item": item[:40]})


def unanswered(instrument: Instrument, answers: Answers) -> tuple[ItemId, ...]:
    """The asked items that have no answer yet, in order; an item left out on purpose is answered."""
    return tuple(item for item in asked(instrument, answers) if item not in answers)


def first_unanswered(instrument: Instrument, answers: Answers) -> ItemId | None:
    """Where to go on; None when everything is answered."""
    return next(iter(unanswered(instrument, answers)), None)


def progress(instrument: Instrument, answers: Answers) -> Progress:
    """How far a person has come."""
    total = len(asked(instrument, answers))
    return Progress(total - len(unanswered(instrument, answers)), total)


def _not_answers(instrument: Instrument, item: ItemId) -> Collection[int]:
    response = instrument.response_of(item)
    return response.not_answers if isinstance(response, Coded) else ()


def _pages(instrument: Instrument, answers: Answers) -> Iterator[tuple[str, tuple[ItemId, ...]]]:
    on_path = frozenset(asked(instrument, answers))
    for page in instrument.pages:
        if items := tuple(item for item in page.items if item in on_path):
            yield page.key, items


def _one_by_one(instrument: Instrument, answers: Answers) -> Iterator[tuple[str, tuple[ItemId, ...]]]:
    for page_key, items in _pages(instrument, answers):
        for item in items:
            yield page_key, (item,)


_LAYOUTS: Mapping[Layout, Callable[[Instrument, Answers], Iterator[tuple[str, tuple[ItemId, ...]]]]] = {
    "page": _pages,
    "item": _one_by_one,
}
