"""Filling in one's own questionnaire: screens, saving, the review and sending. Scripts save at once; none is needed."""

from typing import Any

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response

from app.accounts import accounts
from app.audit import trail
from app.errors import Refusal
from app.questionnaires import answers
from app.questionnaires.answers import DECLINED
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.responses import collect
from app.responses.collect import Given
from app.responses.models import Submission
from app.web import instrument_form
from app.web.access import Who, account_of, allow
from app.web.filling import review_page, steps, way
from app.web.filling.sheet import Filling
from app.web.patient.sheet import load
from app.web.request import current

bp = Blueprint("patient_questionnaire", __name__)
SCREEN = "/q/<key>/<any(page, item):layout>/<int:number>"


@bp.get(SCREEN)
@allow(Who.RESPONDENT)
def screen(key: str, layout: Layout, number: int) -> str | Response:
    """One screen of questions."""
    return steps.screen(load(key), layout, number)


@bp.post(SCREEN)
@allow(Who.RESPONDENT)
def keep(key: str, layout: Layout, number: int) -> Any:
    """Save what the screen says, then go where the button says."""
    return steps.keep(load(key, lock=True), layout, number)


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
    kept = steps.save(filling, [given], request_id)[0]
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
    return redirect(steps.screen_url(filling, wanted, number), 303)


@bp.get("/q/<key>/review")
@allow(Who.RESPONDENT)
def review(key: str) -> str | Response:
    """Every answer once more before it is sent, and what has none."""
    return steps.review(load(key))


@bp.post("/q/<key>/send")
@allow(Who.RESPONDENT)
def send(key: str) -> Response:
    """Send the answers: frozen and scored, once, however often the button is pressed."""
    filling = load(key, lock=True)

    def note(submission: Submission, is_done: bool) -> None:
        if is_done:
            _note_sent(filling, submission.instrument)

    return steps.send(filling, note)


@bp.get("/q/<key>/done")
@allow(Who.RESPONDENT)
def done(key: str) -> str | Response:
    """Thank you; and the next questionnaire of the visit, if there is one."""
    filling = load(key)
    if filling.opened.submission is None:
        return redirect(filling.ways.to("review"))
    return review_page.done_page(filling, filling.opened.submission)


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
