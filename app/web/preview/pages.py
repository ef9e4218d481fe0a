"""An instrument tried out: on a phone, as a page, and on paper. Nothing of it is stored."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.routing import Layout
from app.web import instrument_form
from app.web.access import Who, allow
from app.web.locale import reading_in
from app.web.preview import printed, scores, shown, words
from app.web.preview.shown import Preview
from app.web.preview.tried import Facts, Tried, with_said
from app.web.request import current
from app.web.showable import is_answerable_here

bp = Blueprint("preview", __name__)
ROOT = "/instruments/<key>/preview/<language>"
SCREEN = f"{ROOT}/<any(page, item):layout>/<int:number>"
FOR_PARTICIPANTS = frozenset({"start", "screen", "review"})
LONGEST_WORD = 3_000
"""Servers refuse overlong addresses; with longer texts the next screen comes without an address of its own."""


@bp.get(ROOT)
@allow(Who.READER)
def start(key: str, language: str) -> str:
    """What a participant reads first, and what the study would know of the person."""
    return _page(shown.find(key, language), "start")


@bp.post(ROOT)
@allow(Who.READER)
def begin(key: str, language: str) -> Response:
    """Go to the first question, with the facts that were chosen."""
    preview = shown.find(key, language)
    preview = preview.holding(Tried(preview.tried.answers, _facts(preview.instrument)))
    layout = "page" if request.form.get("layout") == "page" else "item"
    return redirect(_url(preview, preview.word, "screen", layout=layout, number=1), 303)


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
    return _page(
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
    return _page(
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
    return _page(preview, "paper", sheets=printed.sheets(preview))


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
    return _page(
        preview,
        "screen",
        screen=one,
        last=len(screens),
        layout=layout,
        questions=asked,
        errors=errors,
        so_far=[] if shown.stands_alone() else scores.computed(preview),
        progress=preview.progress(),
    )


def _page(preview: Preview, view: str, **facts: Any) -> str:
    """What a participant reads, in the participant's language, inside a frame for who looks at it.

    ``alone`` in the address leaves the frame out, for pictures of the screens.
    """
    is_alone, word = shown.stands_alone(), preview.word
    facts |= {
        "preview": preview,
        "instrument": preview.instrument,
        "wording": preview.wording,
        "kept": word,
        "url": lambda endpoint, **more: _url(preview, word, endpoint, **more),
        "is_alone": is_alone,
    }
    is_for_participants = is_alone or view in FOR_PARTICIPANTS
    with reading_in(preview.wording.language if is_for_participants else current.language):
        inner = Markup(render_template(f"preview/{view}.html", **facts))  # noqa: S704 -- our own template
        if is_alone:
            return render_template("preview/alone.html", inner=inner, **facts)
    key = preview.instrument.key
    return render_template(
        "preview/frame.html",
        inner=inner,
        view=view,
        is_for_participants=is_for_participants,
        languages=[(code, words.language_name(code)) for code in shown.languages_of(key)],
        wording_hash=preview.wording.content_hash,
        is_answerable=is_answerable_here(preview.instrument),
        **{"layout": "item", **facts},
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
            _to(preview, layout, previous.number) if previous else redirect(_url(preview, preview.word, "start"), 303)
        )
    following = shown.after(preview, layout, items)
    if go == "next" and following:
        return _to(preview, layout, following.number)
    return redirect(_url(preview, preview.word, "score" if go == "scores" else "review"), 303)


def _to(preview: Preview, layout: Layout, number: int, **more: str) -> Any:
    """To that screen; shown at once where the answers are too long for an address."""
    word = preview.word
    if len(word) > LONGEST_WORD:
        return _screen(preview, layout, number, hints="missing" in more)
    return redirect(_url(preview, word, "screen", layout=layout, number=number, **more), 303)


def _url(preview: Preview, word: str, endpoint: str, **more: Any) -> str:
    """An address of this preview, with the answers so far, sealed in a word."""
    known = {"key": preview.instrument.key, "language": preview.language, "kept": word or None}
    return url_for(f"preview.{endpoint}", **(known | more))


def _facts(instrument: Instrument) -> Facts:
    """The facts of the form that are possible ones."""
    found: dict[FactId, float | str] = {}
    for name, fact in instrument.facts.items():
        raw = request.form.get(f"fact-{name}", "").strip().replace(",", ".")
        if fact.values is not None and raw in fact.values:
            found[name] = raw
        elif fact.minimum is not None and fact.maximum is not None and words.is_number(raw):
            number = float(raw)
            if fact.minimum <= number <= fact.maximum:
                found[name] = number
    return found
