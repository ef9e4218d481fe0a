"""Filling in a questionnaire: screens, saving, the review and sending. Works without scripts; scripts save at once."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import accounts
from app.audit import trail
from app.errors import Refusal
from app.questionnaires import answers
from app.questionnaires.answers import DECLINED
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.responses import collect, visits
from app.responses.collect import Given, Kept, SavedPage
from app.web import instrument_form
from app.web.access import Who, account_of, allow
from app.web.patient import doubts, review_page, way
from app.web.patient.screen_page import screen_page
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
    there = len(filling.screens(layout, collect.in_force(kept)))
    if number > there and way.could_be(filling.instrument, layout, number):
        # An answer was changed since, and fewer questions are asked now.
        return redirect(url_for("patient_questionnaire.review", key=key))
    return screen_page(filling, layout, number, kept)


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
        return screen_page(filling, layout, there, kept, request.form, posted.refused), 400
    # A name that came with the page would not do: back may show the same page once more, to be sent with other answers.
    page = collect.save_page(
        current.session, filling.opened, posted.given, new_request_id(), current.at, filling.wording.language
    )
    return redirect(_next(filling, layout, shown, posted.missing, page), 303)


@bp.post("/q/<key>/answers")
@allow(Who.RESPONDENT)
def save(key: str) -> Response:
    """Save one answer at once; the page says "saved" only from what comes back."""
    filling = load(key, lock=True)
    posted = request.get_json(silent=True)
    if not isinstance(posted, dict):
        raise Refusal("bad-request-id")
    item, is_declined = str(posted.get("item", "")), posted.get("declined") is True
    answer = instrument_form.said(filling.instrument, item, str(posted.get("value", "")), is_declined=is_declined)
    seen = instrument_form.seen(str(posted.get("seen", "")))
    given = Given(ItemId(item), answer, seen, is_old=posted.get("is_old") is True)
    request_id = str(posted.get("request_id", ""))
    kept = _save(filling, [given], request_id)[0]
    return jsonify(
        item=kept.item,
        value=answers.written(kept.answer),
        declined=kept.answer is DECLINED,
        revision=kept.revision,
        conflict=kept.is_conflict,
        request_id=request_id,
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
    number = way.place(screens, way.from_item(filling.instrument, screens, item), len(screens))
    return redirect(_screen_url(filling, wanted, number), 303)


@bp.get("/q/<key>/review")
@allow(Who.RESPONDENT)
def review(key: str) -> str | Response:
    """Every answer once more before it is sent, and what has none."""
    filling = load(key)
    if filling.opened.submission is not None:
        return redirect(url_for("patient_questionnaire.done", key=key))
    collect.refuse_unless_open(filling.opened, current.at)
    return review_page.review_page(filling)


@bp.post("/q/<key>/send")
@allow(Who.RESPONDENT)
def send(key: str) -> Response:
    """Send the answers: frozen and scored, once, however often the button is pressed."""
    filling = load(key, lock=True)
    request_id = request.form.get("request_id", "")
    if filling.opened.submission is None and (stop := _leave_out(filling, request_id)):
        return redirect(url_for("patient_questionnaire.review", key=key, **stop), 303)  # type: ignore[arg-type]
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
    return review_page.done_page(filling, filling.opened.submission)


def _leave_out(filling: Filling, request_id: str) -> dict[str, str]:
    """Save as left out what is left out on purpose; what the address of the review says where that is not enough."""
    kept = filling.kept()
    unanswered = filling.unanswered(collect.in_force(kept))
    if unanswered and not (request.form.get("leave_out") and review_page.may_leave_out(filling, unanswered)):
        return {"missing": "1"}
    if any(one.is_hard for one in doubts.doubts(filling, kept)):
        return {"look": "1"}
    if unanswered:
        _save(filling, [Given(item, DECLINED, 0) for item in unanswered], request_id)
    return {}


def _items_of(filling: Filling, layout: Layout, number: int) -> tuple[ItemId, ...]:
    """What a screen shows now, for a form that does not say what it showed."""
    screens = filling.screens(layout, collect.in_force(filling.kept()))
    return screens[number - 1].items if number <= len(screens) else abort(404)


def _save(filling: Filling, given: Sequence[Given], request_id: str) -> list[Kept]:
    return collect.save(current.session, filling.opened, given, request_id, current.at, filling.wording.language)


def _next(filling: Filling, layout: Layout, shown: Sequence[ItemId], missing: Sequence[ItemId], page: SavedPage) -> str:
    """Where the pressed button leads; forward only once every question of the screen is answered or left out.

    ``shown``: the items that the page showed; ``missing``: those of them without an answer.
    """
    go = request.form.get("go", "next")
    screens = filling.screens(layout, page.answers)
    conflicts = [one.item for one in page.saved if one.is_conflict]
    open_ones = [item for item in filling.unanswered(page.answers) if item in missing]
    if any(item in one.items for item in conflicts for one in screens):
        return _screen_url(filling, layout, way.place(screens, conflicts, 1), conflict=",".join(conflicts))
    if go == "next" and open_ones:
        return _screen_url(filling, layout, way.place(screens, open_ones, 1), missing="1")
    if go == "next" and (found := doubts.to_tell(filling, page.kept, shown, request.form.getlist("told"))):
        items = [item for one in found for item in one.items if item in shown]
        return _screen_url(filling, layout, way.place(screens, items, 1), look=",".join(one.key for one in found))
    if go == "next" and (following := way.ahead(filling.instrument, screens, shown)):
        return _screen_url(filling, layout, following.number)
    if go == "back" and (previous := way.before(filling.instrument, screens, shown)):
        return _screen_url(filling, layout, previous.number)
    if go in ("leave", "back"):
        return url_for("patient_visits.start", key=filling.opened.record.key)
    return url_for("patient_questionnaire.review", key=filling.key)


def _screen_url(filling: Filling, layout: Layout, number: int, **more: str) -> str:
    return url_for("patient_questionnaire.screen", key=filling.key, layout=layout, number=number, **more)  # type: ignore[arg-type]


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
