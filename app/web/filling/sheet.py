"""The sheet that is being filled in, with its instrument, its wording, its answers, and where its pages are."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import url_for

from app.questionnaires import routing
from app.questionnaires.answers import Answers
from app.questionnaires.definition import Instrument, Plausibility
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Known, Layout, Progress, Screen
from app.questionnaires.wording import Wording
from app.responses import collect, knowledge
from app.responses.collect import Kept
from app.responses.sheets import OpenSheet
from app.web import instrument_form
from app.web.instrument_form import Question
from app.web.request import current

NOTHING_TYPED: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the pages of a sheet are: those of one blueprint, whose addresses begin with ``names``.

    ``leave`` leads out, to where the sheet was begun.
    """

    blueprint: str
    names: Mapping[str, str]
    leave: str

    def to(self, page: str, **more: object) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.names, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a form from paper is, for whoever enters it: whose, of which visit, and the day that stands on it."""

    subject_code: str
    visit: str
    answered_on: date


@dataclass(frozen=True)
class Filling:
    """A sheet in the hands of its owner, or of whoever enters what came in ``on_paper``."""

    opened: OpenSheet
    instrument: Instrument
    wording: Wording
    ways: Ways
    on_paper: OnPaper | None = None

    @property
    def key(self) -> str:
        """The sheet's address."""
        return self.opened.sheet.key

    @cached_property
    def known(self) -> Known:
        """What decides beside the answers; no statement where the instrument asks for no fact."""
        content = current.library.instrument_hash(self.instrument.key)
        return knowledge.known(
            current.session, self.opened.participant, self.instrument, content, self.opened.paper_day
        )

    def questions(
        self, screen: Screen, kept: Mapping[ItemId, Kept], typed: Mapping[str, str] = NOTHING_TYPED
    ) -> list[Question]:
        """The questions of a screen with the answers so far, or with what was typed and could not be saved."""
        return instrument_form.questions(
            self.instrument, self.wording, screen, kept, typed, self.known, is_on_paper=self.on_paper is not None
        )

    def kept(self) -> dict[ItemId, Kept]:
        """The answers so far; one statement each time."""
        return collect.current_answers(current.session, self.opened.sheet.id)

    def screens(self, layout: Layout, answers: Answers) -> tuple[Screen, ...]:
        """The screens that somebody with these answers is asked, in one of the two layouts."""
        return routing.screens(self.instrument, layout, answers, self.known)

    def unanswered(self, answers: Answers) -> tuple[ItemId, ...]:
        """The asked items without an answer."""
        return routing.unanswered(self.instrument, answers, self.known)

    def progress(self, answers: Answers) -> Progress:
        """How far the person has come."""
        return routing.progress(self.instrument, answers, self.known)

    def objections(self, answers: Answers) -> tuple[Plausibility, ...]:
        """The checks that have something to say."""
        return routing.objections(self.instrument, answers, self.known)


def new_request_id() -> str:
    """A name for one attempt to save, so that repeating it changes nothing."""
    return secrets.token_urlsafe(12)
