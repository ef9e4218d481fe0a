"""One screen of questions as a page: the questions, what is missing or wrong, and what is doubtful."""

from collections.abc import Mapping

from flask import abort, render_template, request
from werkzeug.datastructures import MultiDict

from app.questionnaires import routing
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.responses import collect
from app.responses.collect import Kept
from app.web import question_words
from app.web.filling import doubts
from app.web.filling.doubts import Doubt
from app.web.filling.sheet import Filling
from app.web.instrument_form import Question

NOTHING_TYPED: MultiDict[str, str] = MultiDict()


def screen_page(
    filling: Filling,
    layout: Layout,
    number: int,
    kept: Mapping[ItemId, Kept],
    typed: MultiDict[str, str] = NOTHING_TYPED,
    refused: Mapping[ItemId, str] | None = None,
) -> str:
    """The screen of that number, or 404; ``typed`` and ``refused`` are what could not be saved, and why."""
    answers = collect.in_force(kept)
    screens = filling.screens(layout, answers)
    if not 1 <= number <= len(screens):
        abort(404)
    shown = screens[number - 1]
    asked = filling.questions(shown, kept, typed)
    doubtful = doubts.named(doubts.doubts(filling, kept), request.args.get("look", ""))
    errors = {item: sentence for item, sentence in (refused or {}).items() if item in shown.items}
    if "missing" in request.args and refused is None:
        errors = _missing(asked)
    errors |= _hard(doubtful, asked)
    page = next(page for page in filling.instrument.pages if page.key == shown.page_key)
    progress = filling.progress(answers)
    return render_template(
        "questionnaire/screen.html",
        filling=filling,
        screen=shown,
        last=len(screens),
        is_last=number == len(screens) and not _may_go_on(filling, shown.items, answers),
        layout=layout,
        is_alone=layout == "item" or routing.is_adaptive(filling.instrument, page),
        is_grid=page.grid and layout == "page",
        questions=asked,
        total=None if progress.is_at_most else progress.total,
        errors=errors,
        doubts=[one for one in doubtful if not one.is_hard],
        progress=progress,
        conflicts=[item for item in request.args.get("conflict", "").split(",") if item in shown.items],
    )


def _may_go_on(filling: Filling, items: tuple[ItemId, ...], answers: Mapping[ItemId, object]) -> bool:
    """Whether an adaptive test may ask one more item after these."""
    return not filling.instrument.adaptive_items.isdisjoint(items) and any(item not in answers for item in items)


def _missing(asked: list[Question]) -> dict[ItemId, str]:
    return {
        question.item: str(question_words.MISSING[question.kind][not question.is_declinable])
        for question in asked
        if not question.is_filled
    }


def _hard(doubtful: list[Doubt], asked: list[Question]) -> dict[ItemId, str]:
    """A hard check is a mistake of the last of its questions on this screen."""
    found = {}
    for one in doubtful:
        here = [question.item for question in asked if question.item in one.items]
        if one.is_hard and here:
            found[here[-1]] = one.sentence
    return found
