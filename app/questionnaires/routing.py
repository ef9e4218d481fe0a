"""How an instrument is walked: which items are asked, on which screens, and what is still open.

Everything rests on ``asked``: when items get conditions, they are decided there and nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from app.errors import Refusal
from app.questionnaires.answers import Answers
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId

Layout: TypeAlias = Literal["page", "item"]
NO_ANSWERS: Final[Answers] = MappingProxyType({})


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


def asked(instrument: Instrument, answers: Answers) -> tuple[ItemId, ...]:  # noqa: ARG001 -- conditions will read them
    """The items that a person with these answers is asked, in order; answers to others are kept, not counted."""
    return instrument.order


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
