"""The instrument of a preview in the hands of a reader: its wording, the answers tried so far, and its screens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from flask import abort, request

from app.questionnaires import answers, routing
from app.questionnaires.definition import Instrument, Plausibility
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Known, Layout, Progress, Screen
from app.questionnaires.topics import topics
from app.questionnaires.wording import Wording
from app.responses import knowledge
from app.scoring.known import known_of
from app.web import instrument_form
from app.web.instrument_form import Question
from app.web.preview.tried import Tried, seal, unseal
from app.web.request import current
from app.web.showable import is_answerable_here

NOTHING_TYPED: Final[Mapping[str, str]] = MappingProxyType({})
TOPICS: Final = "topics"
"""Stands for a language where no wording is installed, or where somebody wants to see the topics."""


@dataclass(frozen=True)
class Preview:
    """One instrument in one wording with what was answered; ``language`` is the one of the address."""

    instrument: Instrument
    wording: Wording
    language: str
    tried: Tried

    @property
    def is_topics(self) -> bool:
        """Whether these are topics instead of the questions; every screen and every sheet of paper says so."""
        return self.wording.provenance.kind == "preview"

    @property
    def word(self) -> str:
        """The answers so far, sealed for the next address."""
        return seal(current.config.secret_key, self.instrument, self.tried)

    @cached_property
    def known(self) -> Known:
        """What decides beside the answers: the facts that were chosen, and the scores so far."""
        plan, test = knowledge.ready(self.instrument, self.instrument.content_hash)
        return known_of(plan, test, self.tried.facts)

    def screens(self, layout: Layout) -> tuple[Screen, ...]:
        """The screens that somebody with these answers is asked."""
        return routing.screens(self.instrument, layout, self.tried.answers, self.known)

    def questions(self, screen: Screen, typed: Mapping[str, str] = NOTHING_TYPED) -> list[Question]:
        """The questions of a screen with the answers so far; ``typed`` is what could not be read and is kept."""
        return instrument_form.questions(self.instrument, self.wording, screen, self.tried.kept, typed, self.known)

    def unanswered(self) -> tuple[ItemId, ...]:
        """The asked items without an answer, in order."""
        return routing.unanswered(self.instrument, self.tried.answers, self.known)

    def progress(self) -> Progress:
        """How far these answers have come."""
        return routing.progress(self.instrument, self.tried.answers, self.known)

    def objections(self) -> tuple[Plausibility, ...]:
        """The checks that have something to say about these answers."""
        return routing.objections(self.instrument, self.tried.answers, self.known)

    def scored(self) -> Mapping[ItemId, float]:
        """What a study would score of these answers."""
        return answers.given(routing.with_skipped(self.instrument, self.tried.answers, self.known))

    def holding(self, tried: Tried) -> "Preview":
        """The same with other answers."""
        return replace(self, tried=tried)


def languages_of(key: str) -> list[str]:
    """The languages of an address: the installed ones, and the topics."""
    return [*current.library.languages(key), TOPICS]


def find(key: str, language: str, *, must_be_answerable: bool = True) -> Preview:
    """The preview that the address asks for, with the answers of the form or of the address; else 404.

    Where a screen ``stands_alone`` to be looked at, every question is shown, whatever has to be answered before.
    """
    library = current.library
    if key not in library.installed or language not in languages_of(key):
        abort(404)
    instrument = library.instrument(key)
    if stands_alone():
        instrument = unrouted(instrument)
    if must_be_answerable and not is_answerable_here(instrument):
        abort(404)
    wording = topics(instrument) if language == TOPICS else library.wording(key, language)
    word = request.form.get("kept", request.args.get("kept", ""))
    return Preview(instrument, wording, language, unseal(current.config.secret_key, instrument, word))


def stands_alone() -> bool:
    """Whether the address asks for a screen without the frame around it, for pictures of all screens."""
    return "alone" in request.args


def unrouted(instrument: Instrument) -> Instrument:
    """The same instrument with every question asked of everybody."""
    items = {name: item.model_copy(update={"ask_if": None}) for name, item in instrument.items.items()}
    pages = tuple(page.model_copy(update={"ask_if": None}) for page in instrument.pages)
    return instrument.model_copy(update={"items": items, "pages": pages, "adaptive": None})


def after(preview: Preview, layout: Layout, shown: Collection[ItemId]) -> Screen | None:
    """The screen of the next item that was not shown: of the same page where an answer on it has opened the item."""
    if preview.instrument.adaptive is not None:  # it asks in an order of its own, and each answer decides the next
        return next(
            (one for one in preview.screens(layout) if not set(one.items) <= preview.tried.answers.keys()), None
        )
    order = preview.instrument.order
    later = set(order[min(map(order.index, shown)) :]).difference(shown)
    return next((one for one in preview.screens(layout) if not later.isdisjoint(one.items)), None)


def before(preview: Preview, layout: Layout, shown: Collection[ItemId]) -> Screen | None:
    """The last screen before everything that was shown."""
    screens = preview.screens(layout)
    if preview.instrument.adaptive is not None:
        here = holding(preview, layout, shown, len(screens) + 1)
        return screens[here - 2] if here > 1 else None
    order = preview.instrument.order
    first = min(map(order.index, shown))
    return next((one for one in reversed(screens) if order.index(one.items[-1]) < first), None)


def holding(preview: Preview, layout: Layout, items: Collection[ItemId], otherwise: int) -> int:
    """The number of the first screen with one of the items, else the nearest to ``otherwise``."""
    screens = preview.screens(layout)
    found = (one.number for one in screens if not set(items).isdisjoint(one.items))
    return next(found, max(1, min(otherwise, len(screens))))
