"""How an instrument is walked: which items are asked, on which screens, and what is still open.

Everything rests on ``asked``: the conditions of items and pages are decided there and nowhere else.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from app.errors import Refusal
from app.questionnaires.answers import Answers, AnswerValue, Declined
from app.questionnaires.conditions import tests
from app.questionnaires.definition import Instrument, Page, Plausibility
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded
from app.questionnaires.rules import FALSE, TRUE, UNKNOWN, Value, holds, truth

Layout: TypeAlias = Literal["page", "item"]
NO_ANSWERS: Final[Answers] = MappingProxyType({})


def no_scores(_answers: Answers) -> Mapping[str, float]:
    """Nobody computes scores."""
    return {}


def as_listed(_answers: Answers) -> tuple[ItemId, ...]:
    """No item of an adaptive test is asked, because nobody chooses them."""
    return ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the answers: facts about the person, and how answers are computed with.

    ``scores`` gives the steps and scales that can be computed from answers; those that cannot are absent. ``course``
    gives the items of the adaptive test in the order in which they are asked, ending with the one to ask now.
    """

    facts: Mapping[str, float | str] = field(default_factory=dict)
    scores: Callable[[Answers], Mapping[str, float]] = no_scores
    course: Callable[[Answers], tuple[ItemId, ...]] = as_listed


NOTHING_KNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Screen:
    """Items shown together; ``number`` counts from 1."""

    number: int
    items: tuple[ItemId, ...]
    page_key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the asked items have an answer; "I prefer not to answer" is one.

    ``is_at_most``: an adaptive test may stop before ``total``.
    """

    answered: int
    total: int
    is_at_most: bool = False


def asked(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> tuple[ItemId, ...]:
    """The items that a person with these answers is asked, in order; answers to others are kept, not counted."""
    return tuple(item for item, is_asked in _truths(instrument, answers, known).items() if is_asked == TRUE)


def skipped(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> tuple[ItemId, ...]:
    """The items that routing leaves out, in order: for sure, or because it leaves out what they depend on.

    Neither asked nor skipped is an item whose condition is unknown, because what decides it was left blank or nobody
    knows it, and one that an adaptive test has not come to: nobody has seen those.
    """
    found = _truths(instrument, answers, known)
    left: dict[ItemId, None] = {}
    for page in instrument.pages:
        for item in page.items:
            looks_at = [*tests(page.ask_if), *tests(instrument.items[item].ask_if)]
            open_ones = [test for test in looks_at if test.answer is None or found[test.answer] != TRUE]
            is_below = bool(open_ones) and all(test.answer in left for test in open_ones)
            if found[item] == FALSE or (found[item] == UNKNOWN and is_below):
                left[item] = None
    return tuple(left)


def with_skipped(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> dict[ItemId, AnswerValue]:
    """The answers on the path, and the ``skipped`` answer of each item that routing surely left out and that has one.

    This is what is scored. An item that was asked and left blank stays missing, and so does one whose condition is
    unknown because the question before it was left blank.
    """
    kept: dict[ItemId, AnswerValue] = {}
    for item, is_asked in _truths(instrument, answers, known).items():
        kept |= _counted(instrument, answers, item, is_asked)
    return kept


def objections(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> tuple[Plausibility, ...]:
    """The checks that have something to say about these answers, in order."""
    if not instrument.checks:
        return ()
    found = _truths(instrument, answers, known)
    on_path = {item for item, is_asked in found.items() if is_asked == TRUE}
    so_far: dict[ItemId, AnswerValue] = {}
    for item, is_asked in found.items():
        so_far |= _counted(instrument, answers, item, is_asked)
    value_of = _reader(instrument, answers, known, on_path, so_far)
    return tuple(check for check in instrument.checks if holds(check.when, value_of))


def _truths(instrument: Instrument, answers: Answers, known: Known) -> dict[ItemId, int]:
    """Whether each item is asked: TRUE, FALSE, or UNKNOWN where an answer that decides is missing; in order.

    An answer to an item that is not asked is no answer for a later condition: a branch that was left opens nothing.
    """
    found: dict[ItemId, int] = {}
    on_path: set[ItemId] = set()
    so_far: dict[ItemId, AnswerValue] = {}
    value_of = _reader(instrument, answers, known, on_path, so_far)
    for page in instrument.pages:
        whole = TRUE if page.ask_if is None else truth(page.ask_if, value_of)
        for item, otherwise in _items_of(instrument, page, answers, known):
            own = instrument.items[item].ask_if
            is_asked = min(whole, TRUE if own is None else truth(own, value_of), otherwise)
            found[item] = is_asked
            if is_asked == TRUE:
                on_path.add(item)
            so_far |= _counted(instrument, answers, item, is_asked)
    return found


def _items_of(instrument: Instrument, page: Page, answers: Answers, known: Known) -> Iterator[tuple[ItemId, int]]:
    """The items of a page in the order in which they are asked; of an adaptive test, the others after those."""
    if not is_adaptive(instrument, page):
        yield from ((item, TRUE) for item in page.items)
        return
    course = known.course(answers)
    yield from ((item, TRUE) for item in course)
    yield from ((item, UNKNOWN) for item in page.items if item not in course)


def _counted(instrument: Instrument, answers: Answers, item: ItemId, is_asked: int) -> dict[ItemId, AnswerValue]:
    """What an item gives to a score: its answer on the path, or what it stands for where it was surely skipped."""
    stands_for = instrument.items[item].skipped
    if is_asked == TRUE and item in answers:
        return {item: answers[item]}
    return {item: stands_for} if is_asked == FALSE and stands_for is not None else {}


def _reader(
    instrument: Instrument, answers: Answers, known: Known, on_path: AbstractSet[ItemId], so_far: Answers
) -> Callable[[str, str], Value]:
    """What conditions see: answers on the path that are answers, scores of those so far, and facts."""

    def answer(name: str) -> Value:
        item = ItemId(name)
        found = answers.get(item) if item in on_path else None
        return None if isinstance(found, Declined) or found in _not_answers(instrument, item) else found

    def score(name: str) -> Value:
        return known.scores(so_far).get(name)

    def fact(name: str) -> Value:
        return known.facts.get(name)

    readers: Mapping[str, Callable[[str], Value]] = {"answer": answer, "score": score, "fact": fact}
    return lambda kind, name: readers[kind](name)


def screens(
    instrument: Instrument, layout: Layout, answers: Answers = NO_ANSWERS, known: Known = NOTHING_KNOWN
) -> tuple[Screen, ...]:
    """The screens in order: the instrument's pages, or one item each. An adaptive test always asks one by one."""
    return tuple(
        Screen(number, items, page_key)
        for number, (page_key, items) in enumerate(_LAYOUTS[layout](instrument, answers, known), start=1)
    )


def screen_of(
    instrument: Instrument,
    layout: Layout,
    item: ItemId,
    answers: Answers = NO_ANSWERS,
    known: Known = NOTHING_KNOWN,
) -> Screen:
    """The screen that asks an item. Raises Refusal("unknown-item") where no screen does."""
    for screen in screens(instrument, layout, answers, known):
        if item in screen.items:
            return screen
    raise Refusal("unknown-item", {"item": item[:40]})


def unanswered(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> tuple[ItemId, ...]:
    """The asked items that have no answer yet, in order; an item left out on purpose is answered."""
    return tuple(item for item in asked(instrument, answers, known) if item not in answers)


def first_unanswered(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> ItemId | None:
    """Where to go on; None when everything is answered."""
    return next(iter(unanswered(instrument, answers, known)), None)


def progress(instrument: Instrument, answers: Answers, known: Known = NOTHING_KNOWN) -> Progress:
    """How far a person has come."""
    on_path = asked(instrument, answers, known)
    answered = sum(item in answers for item in on_path)
    if instrument.adaptive is None or answered == len(on_path):
        return Progress(answered, len(on_path))
    test = [item for item in on_path if item in instrument.adaptive_items]
    return Progress(answered, len(on_path) - len(test) + instrument.adaptive.longest, is_at_most=True)


def is_adaptive(instrument: Instrument, page: Page) -> bool:
    """Whether the items of a page are those of the adaptive test."""
    return page.items[0] in instrument.adaptive_items


def _not_answers(instrument: Instrument, item: ItemId) -> Collection[int]:
    response = instrument.response_of(item)
    return response.not_answers if isinstance(response, Coded) else ()


def _pages(instrument: Instrument, answers: Answers, known: Known) -> Iterator[tuple[str, tuple[ItemId, ...]]]:
    found = _truths(instrument, answers, known)
    for page in instrument.pages:
        on_path = tuple(item for item, is_asked in found.items() if is_asked == TRUE and item in page.items)
        if is_adaptive(instrument, page):
            yield from ((page.key, (item,)) for item in on_path)
        elif on_path:
            yield page.key, on_path


def _one_by_one(instrument: Instrument, answers: Answers, known: Known) -> Iterator[tuple[str, tuple[ItemId, ...]]]:
    for page_key, items in _pages(instrument, answers, known):
        for item in items:
            yield page_key, (item,)


_LAYOUTS: Mapping[Layout, Callable[[Instrument, Answers, Known], Iterator[tuple[str, tuple[ItemId, ...]]]]] = {
    "page": _pages,
    "item": _one_by_one,
}
