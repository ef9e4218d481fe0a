"""An instrument tried out: on a phone, as a page, and on paper. Nothing of it is stored."""

from typing import Any

from flask import Blueprint, abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.questionnaires import routing
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.web import instrument_form
from app.web.access import Who, allow
from app.web.locale import reading_in
from app.web.preview import facts, frame, printed, scores, shown, words
from app.web.preview.shown import Preview
from app.web.preview.tried import Tried, with_said

bp = Blueprint("preview", __name__)
ROOT = "/instruments/<key>/preview/<language>"
SCREEN = f"{ROOT}/<any(page, item):layout>/<int:number>"
LONGEST_WORD = 3_000
"""Servers refuse overlong addresses; with longer texts the next screen comes without an address of its own."""


@bp.get(ROOT)
@allow(Who.READER)
def start(key: str, language: str) -> str:
    """What a participant reads first, and what the study would know of the person."""
    return frame.page(shown.find(key, language), "start")


@bp.post(ROOT)
@allow(Who.READER)
def begin(key: str, language: str) -> Response:
    """Go to the first question, with the facts that were chosen."""
    preview = shown.find(key, language)
    preview = preview.holding(Tried(preview.tried.answers, facts.posted(preview.instrument, request.form)))
    layout = "page" if request.form.get("layout") == "page" else "item"
    return redirect(frame.url(preview, preview.word, "screen", layout=layout, number=1), 303)


@bp.get(SCREEN)
@allow(Who.READER)
def screen(key: str, language: str, layout: Layout, number: int) -> str:
    """One screen of questions."""
    return _screen(shown.find(key, language), layout, number, hints="missing" in request.args)


@bp.post(SCREEN)
@allow(Who.READER)
def answer(key: str, language: str, layout: Layout, number: int) -> Any:
    """Take the answers along to where the button leads."""
    preview = shown.find(key, language)
    items = instrument_form.posted_items(preview.instrument, request.form)
    if not items:
        abort(404)
    posted = instrument_form.read(preview.instrument, items, request.form)
    if posted.refused:
        there = shown.holding(preview, layout, posted.refused, number)
        return _screen(preview, layout, there, typed=request.form), 400
    said = {one.item: one.answer for one in posted.given}
    preview = preview.holding(Tried(with_said(preview.tried.answers, said), preview.tried.facts))
    return _next(preview, layout, items, posted.missing)


@bp.get(f"{ROOT}/review")
@allow(Who.READER)
def review(key: str, language: str) -> str:
    """Every answer once more."""
    preview = shown.find(key, language)
    pages = [(one, preview.questions(one)) for one in preview.screens("page")]
    unanswered = preview.unanswered()
    objections = [(one.level, preview.wording.checks.get(one.key, one.message)) for one in preview.objections()]
    return frame.page(
        preview,
        "review",
        pages=pages,
        unanswered=unanswered,
        objections=objections,
        words=words.answers_of(preview),
    )


@bp.get(f"{ROOT}/scores")
@allow(Who.READER)
def score(key: str, language: str) -> str:
    """What these answers would give, and why."""
    preview = shown.find(key, language)
    value_sets = scores.value_sets(preview.instrument)
    chosen = request.args.get("value_set", "")
    chosen = chosen if chosen in dict(value_sets) else ""
    return frame.page(
        preview,
        "scores",
        scores=scores.computed(preview, chosen or None),
        value_sets=value_sets,
        value_set=chosen,
    )


@bp.get(f"{ROOT}/paper")
@allow(Who.READER)
def paper(key: str, language: str) -> str:
    """The sheets of the paper version, as pictures, with the file beside them."""
    preview = shown.find(key, language, must_be_answerable=False)
    return frame.page(preview, "paper", sheets=printed.sheets(preview))


@bp.get(f"{ROOT}/paper.pdf")
@allow(Who.READER)
def pdf(key: str, language: str) -> Response:
    """The paper version to print."""
    preview = shown.find(key, language, must_be_answerable=False)
    response = Response(printed.pdf(preview), content_type="application/pdf")
    name = f"{preview.instrument.code}-{preview.instrument.version}-{language}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get(f"{ROOT}/paper-<int:number>.png")
@allow(Who.READER)
def sheet(key: str, language: str, number: int) -> Response:
    """One sheet of it as a picture."""
    sheets = printed.sheets(shown.find(key, language, must_be_answerable=False))
    if not 1 <= number <= len(sheets):
        abort(404)
    return Response(sheets[number - 1], content_type="image/png")


def _screen(
    preview: Preview, layout: Layout, number: int, *, hints: bool = False, typed: MultiDict[str, str] | None = None
) -> str:
    screens = preview.screens(layout)
    if not 1 <= number <= len(screens):
        abort(404)
    one = screens[number - 1]
    asked = preview.questions(one) if typed is None else preview.questions(one, typed)
    with reading_in(preview.wording.language):
        errors = words.errors(preview, asked, hints=hints, typed=typed)
    page = next(page for page in preview.instrument.pages if page.key == one.page_key)
    return frame.page(
        preview,
        "screen",
        screen=one,
        last=len(screens),
        layout=layout,
        is_single=layout == "item" or routing.is_adaptive(preview.instrument, page),
        is_grid=page.grid and layout == "page",
        questions=asked,
        errors=errors,
        so_far=[] if shown.stands_alone() else scores.computed(preview),
        progress=preview.progress(),
    )


def _next(preview: Preview, layout: Layout, items: tuple[ItemId, ...], missing: tuple[ItemId, ...]) -> Any:
    """Where the button leads; forward only once every question of the screen is answered or left out."""
    go = request.form.get("go", "next")
    open_ones = [one for one in preview.unanswered() if one in missing]
    if go == "next" and open_ones:
        return _to(preview, layout, shown.holding(preview, layout, open_ones, 1), missing="1")
    if go == "back":
        previous = shown.before(preview, layout, items)
        return (
            _to(preview, layout, previous.number)
            if previous
            else redirect(frame.url(preview, preview.word, "start"), 303)
        )
    following = shown.after(preview, layout, items)
    if go == "next" and following:
        return _to(preview, layout, following.number)
    return redirect(frame.url(preview, preview.word, "score" if go == "scores" else "review"), 303)


def _to(preview: Preview, layout: Layout, number: int, **more: str) -> Any:
    """To that screen; shown at once where the answers are too long for an address."""
    word = preview.word
    if len(word) > LONGEST_WORD:
        return _screen(preview, layout, number, hints="missing" in more)
    return redirect(frame.url(preview, word, "screen", layout=layout, number=number, **more), 303)
