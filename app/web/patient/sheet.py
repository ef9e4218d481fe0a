"""The sheet that a request is about: found for its owner only, with its instrument, its wording and its answers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import abort

from app.accounts.sign_ins import occasion_scope
from app.questionnaires import routing
from app.questionnaires.answers import Answers
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout, Screen
from app.questionnaires.wording import Wording
from app.responses import collect, sheets
from app.responses.collect import Kept
from app.responses.sheets import OpenSheet
from app.web.access import account_of, is_in_scope
from app.web.patient import languages
from app.web.request import current


@dataclass(frozen=True, slots=True)
class Filling:
    """A sheet in the hands of its owner."""

    opened: OpenSheet
    instrument: Instrument
    wording: Wording

    @property
    def key(self) -> str:
        """The sheet's address."""
        return self.opened.sheet.key

    def kept(self) -> dict[ItemId, Kept]:
        """The answers so far; one statement each time."""
        return collect.current_answers(current.session, self.opened.sheet.id)

    def screens(self, layout: Layout, answers: Answers) -> tuple[Screen, ...]:
        """The screens that somebody with these answers is asked, in one of the two layouts."""
        return routing.screens(self.instrument, layout, answers)


def answers_in(kept: Mapping[ItemId, Kept]) -> Answers:
    """The answers alone, as routing takes them."""
    return {item: one.answer for item, one in kept.items()}


def load(key: str, *, lock: bool = False) -> Filling:
    """The sheet, or 404 where it is not this person's, whatever the reason."""
    opened = sheets.find_owned(current.session, key, account_of(current.person), lock=lock)
    if opened is None or not is_in_scope(current.person, occasion_scope(opened.record.id)):
        abort(404)
    instrument = current.library.instrument(opened.sheet.instrument)
    return Filling(opened, instrument, languages.wording_of(opened.sheet))


def layout_for(width: str, is_phone: bool) -> Layout:
    """One question a screen or a page of them: what the person chose, else what the screen is wide enough for."""
    chosen = current.person.layout if current.person else None
    if chosen in ("page", "item"):
        return cast(Layout, chosen)
    if width.isascii() and width.isdigit():
        return "item" if int(width) < WIDE_ENOUGH_PX else "page"
    return "item" if is_phone else "page"


def new_request_id() -> str:
    """A name for one attempt to save, so that repeating it changes nothing."""
    return secrets.token_urlsafe(12)


WIDE_ENOUGH_PX = 700
