"""Filling in a questionnaire: screens, saving, the review and sending. Works without scripts; scripts save at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import accounts
from app.audit import trail
from app.errors import Refusal
from app.questionnaires import answers, routing
from app.questionnaires.answers import DECLINED, Answers, Blank, Declined
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.responses import collect, visits
from app.responses.revisions import Given, Kept
from app.web import instrument_form
from app.web.access import Who, account_of, allow
from app.web.locale import _
from app.web.patient import way
from app.web.patient.sheet import Filling, load, new_request_id
from app.web.request import current

bp = Blueprint("patient_questionnaire", __name__)
SCREEN = "/q/<key>/<any(page, item):layout>/<int:number>"


@bp.get(SCREEN)
@allow(Who.RESPONDENT)
def screen(key: str, layout: Layout, number: int) -> str | Response:
    """One screen of questions."""
    filling = load(key)
    if filling.opened.submission is not None:
        return redirect(url_for("patient_questionnaire.done", key=key))
    collect.refuse_unless_open(filling.opened, current.at)
    kept = filling.kept()
    if number > len(filling.screens(layout, collect.in_force(kept))) and way.could_be(
        filling.instrument, layout, number
    ):
        # An answer was changed since, and fewer questions are asked now.
        return redirect(url_for("patient_questionnaire.review", key=key))
    return _screen(filling, layout, number, kept, asks_for_missing="missing" in request.args)


@bp.post(SCREEN)
@allow(Who.RESPONDENT)
def keep(key: str, layout: Layout, number: int) -> Any:
    """Save what the screen says, then go where the button says."""
    filling = load(key, lock=True)
    if not way.could_be(filling.instrument, layout, number):
        abort(404)
    shown = instrument_form.posted_items(filling.instrument, request.form) or _items_of(filling, layout, number)
    posted = instrument_form.read(filling.instrument, shown, request.form)
    if posted.refused:
        kept = filling.kept()
        there = way.place(filling.screens(layout, collect.in_force(kept)), posted.refused, number)
        return _screen(filling, layout, there, kept, typed=request.form.to_dict()), 400
    # A name that came with the page would not do: back may show the same page once more, to be sent with other answers.
    saved, now = collect.save_page(
        current.session, filling.opened, posted.given, new_request_id(), current.at, filling.wording.language
    )
    conflicts = [one.item for one in saved if one.is_conflict]
    return redirect(_next(filling, layout, (shown, posted.missing, conflicts), now), 303)


@bp.post("/q/<key>/answers")
@allow(Who.RESPONDENT)
def save(key: str) -> Response:
    """Save one answer at once; the page says "saved" only from what comes back."""
    filling = load(key, lock=True)
    posted = request.get_json(silent=True)
    if not isinstance(posted, dict):
        raise Refusal("bad-request-id")
    item = str(posted.get("item", ""))
    answer = answers.coerce(filling.instrument, item, str(posted.get("value", "")))
    seen = instrument_form.seen(str(posted.get("seen", "")))
    given = Given(ItemId(item), answer, seen, is_old=posted.get("is_old") is True)
    kept = _save(filling, [given], str(posted.get("request_id", "")))[0]
    return jsonify(
        item=kept.item,
        value=answers.written(kept.answer),
        revision=kept.revision,
        conflict=kept.is_conflict,
    )


@bp.post("/q/<key>/layout")
@allow(Who.RESPONDENT)
def layout(key: str) -> Response:
    """Show one question at a time, or a page of them, from now on."""
    filling = load(key)
    wanted: Layout = "item" if request.form.get("layout") == "item" else "page"
    accounts.set_layout(current.session, account_of(current.person), wanted)
    item = ItemId(request.form.get("item", ""))
    if item not in filling.instrument.items:
        raise Refusal("unknown-item")
    screens = filling.screens(wanted, collect.in_force(filling.kept()))
    number = way.place(screens, way.from_item(filling.instrument, item), len(screens))
    return redirect(_screen_url(filling, wanted, number), 303)


@bp.get("/q/<key>/review")
@allow(Who.RESPONDENT)
def review(key: str) -> str | Response:
    """Every answer once more before it is sent, and what has none."""
    filling = load(key)
    if filling.opened.submission is not None:
        return redirect(url_for("patient_questionnaire.done", key=key))
    collect.refuse_unless_open(filling.opened, current.at)
    kept = filling.kept()
    given = collect.in_force(kept)
    pages = [
        (page, instrument_form.questions(filling.instrument, filling.wording, page, kept, {}))
        for page in filling.screens("page", given)
    ]
    return render_template(
        "questionnaire/review.html",
        filling=filling,
        pages=pages,
        words={item: _words(filling, kept[item]) for page, _asked in pages for item in page.items if item in kept},
        unanswered=routing.unanswered(filling.instrument, given),
        progress=routing.progress(filling.instrument, given),
        request_id=new_request_id(),
        must_decide="missing" in request.args,
    )


@bp.post("/q/<key>/send")
@allow(Who.RESPONDENT)
def send(key: str) -> Response:
    """Send the answers: frozen and scored, once, however often the button is pressed."""
    filling = load(key, lock=True)
    request_id = request.form.get("request_id", "")
    if filling.opened.submission is None:
        unanswered = _unanswered(filling)
        if unanswered and not request.form.get("leave_out"):
            return redirect(url_for("patient_questionnaire.review", key=key, missing=1), 303)
        if unanswered:
            _save(filling, [Given(item, DECLINED, 0) for item in unanswered], request_id)
    submission = collect.submit(
        current.session,
        filling.opened,
        filling.instrument,
        current.library.instrument_hash(filling.instrument.key),
        filling.wording,
        request_id,
        current.at,
    )
    if visits.close_if_complete(current.session, filling.opened, current.at):
        _note_sent(filling, submission.instrument)
    return redirect(url_for("patient_questionnaire.done", key=key), 303)


@bp.get("/q/<key>/done")
@allow(Who.RESPONDENT)
def done(key: str) -> str | Response:
    """Thank you; and the next questionnaire of the visit, if there is one."""
    filling = load(key)
    if filling.opened.submission is None:
        return redirect(url_for("patient_questionnaire.review", key=key))
    return render_template(
        "questionnaire/done.html",
        filling=filling,
        sent_at=filling.opened.submission.submitted_at,
        is_more_to_do=filling.opened.record.submitted_at is None,
        visit_key=filling.opened.record.key,
        is_link=current.person is not None and current.person.scope is not None,
    )


def _screen(
    filling: Filling,
    layout: Layout,
    number: int,
    kept: Mapping[ItemId, Kept],
    *,
    asks_for_missing: bool = False,
    typed: dict[str, str] | None = None,
) -> str:
    screens = filling.screens(layout, collect.in_force(kept))
    if not 1 <= number <= len(screens):
        abort(404)
    shown = screens[number - 1]
    asked = instrument_form.questions(filling.instrument, filling.wording, shown, kept, typed or {})
    errors: dict[str, str] = {}
    if asks_for_missing:
        hint = _("Choose an answer, or “I prefer not to answer”.")
        errors = {question.item: hint for question in asked if question.answer is None}
    elif typed is not None:
        refused = _("This is not one of the possible answers. Please choose one of the answers shown.")
        errors = dict.fromkeys(instrument_form.read(filling.instrument, shown.items, request.form).refused, refused)
    return render_template(
        "questionnaire/screen.html",
        filling=filling,
        screen=shown,
        last=len(screens),
        layout=layout,
        questions=asked,
        errors=errors,
        progress=routing.progress(filling.instrument, collect.in_force(kept)),
        conflicts=[item for item in request.args.get("conflict", "").split(",") if item in shown.items],
    )


def _items_of(filling: Filling, layout: Layout, number: int) -> tuple[ItemId, ...]:
    """What a screen shows now, for a form that does not say what it showed."""
    screens = filling.screens(layout, collect.in_force(filling.kept()))
    return screens[number - 1].items if number <= len(screens) else abort(404)


def _save(filling: Filling, given: Sequence[Given], request_id: str) -> list[Kept]:
    return collect.save(current.session, filling.opened, given, request_id, current.at, filling.wording.language)


def _next(filling: Filling, layout: Layout, posted: tuple[Sequence[ItemId], ...], answers: Answers) -> str:
    """Where the pressed button leads; forward only once every question of the screen is answered or left out.

    ``posted``: the items that the page showed, those of them without an answer, and those in conflict.
    """
    go = request.form.get("go", "next")
    shown, missing, conflicts = posted
    screens = filling.screens(layout, answers)
    open_ones = [item for item in routing.unanswered(filling.instrument, answers) if item in missing]
    if any(item in one.items for item in conflicts for one in screens):
        return _screen_url(filling, layout, way.place(screens, conflicts, 1), conflict=",".join(conflicts))
    if go == "next" and open_ones:
        return _screen_url(filling, layout, way.place(screens, open_ones, 1), missing="1")
    if go == "next" and (following := way.ahead(filling.instrument, screens, shown)):
        return _screen_url(filling, layout, following.number)
    if go == "back" and (previous := way.before(filling.instrument, screens, shown)):
        return _screen_url(filling, layout, previous.number)
    if go in ("leave", "back"):
        return url_for("patient_visits.start", key=filling.opened.record.key)
    return url_for("patient_questionnaire.review", key=filling.key)


def _screen_url(filling: Filling, layout: Layout, number: int, **more: str) -> str:
    return url_for("patient_questionnaire.screen", key=filling.key, layout=layout, number=number, **more)  # type: ignore[arg-type]


def _unanswered(filling: Filling) -> tuple[ItemId, ...]:
    return routing.unanswered(filling.instrument, collect.in_force(filling.kept()))


def _words(filling: Filling, kept: Kept) -> str:
    if isinstance(kept.answer, Declined | Blank):
        return _("I prefer not to answer")
    return instrument_form.label(filling.instrument, filling.wording, kept.item, kept.answer)


def _note_sent(filling: Filling, instrument: str) -> None:
    participant = filling.opened.participant
    trail.record(
        current.session,
        current.at,
        actor=f"account:{participant.account_pseudonym}",
        action="visit.submitted",
        subject=f"participant:{participant.pseudonym}",
        facts={"visit": filling.opened.record.visit_key, "instrument": instrument},
        request_id=current.id,
    )
