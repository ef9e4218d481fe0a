"""The steps of filling in: a screen, keeping it, the review, sending. The same for everybody who fills in a sheet."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from app.questionnaires.answers import DECLINED, LEFT_BLANK
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout
from app.responses import collect, visits
from app.responses.collect import Given, Kept, SavedPage
from app.responses.models import Submission
from app.web import instrument_form
from app.web.filling import doubts, review_page, way
from app.web.filling.screen_page import screen_page
from app.web.filling.sheet import Filling, new_request_id
from app.web.request import current


def screen(filling: Filling, layout: Layout, number: int) -> str | Response:
    """One screen of questions."""
    if filling.opened.submission is not None:
        return redirect(filling.ways.to("done"))
    collect.refuse_unless_open(filling.opened, current.at)
    kept = filling.kept()
    there = len(filling.screens(layout, collect.in_force(kept)))
    if number > there and way.could_be(filling.instrument, layout, number):
        # An answer was changed since, and fewer questions are asked now.
        return redirect(filling.ways.to("review"))
    return screen_page(filling, layout, number, kept)


def keep(filling: Filling, layout: Layout, number: int) -> Any:
    """Save what the screen says, then go where the button says."""
    if not way.could_be(filling.instrument, layout, number):
        abort(404)
    shown = instrument_form.posted_items(filling.instrument, request.form) or _items_of(filling, layout, number)
    posted = instrument_form.read(filling.instrument, shown, request.form, is_on_paper=filling.on_paper is not None)
    if posted.refused:
        kept = filling.kept()
        there = way.place(filling.screens(layout, collect.in_force(kept)), posted.refused, number)
        return screen_page(filling, layout, there, kept, request.form, posted.refused), 400
    # A name that came with the page would not do: back may show the same page once more, to be sent with other answers.
    page = collect.save_page(
        current.session, filling.opened, posted.given, new_request_id(), current.at, filling.wording.language
    )
    return redirect(_next(filling, layout, shown, posted.missing, page), 303)


def review(filling: Filling) -> str | Response:
    """Every answer once more before it is sent, and what has none."""
    if filling.opened.submission is not None:
        return redirect(filling.ways.to("done"))
    collect.refuse_unless_open(filling.opened, current.at)
    return review_page.review_page(filling)


def send(filling: Filling, note: Callable[[Submission, bool], None]) -> Response:
    """Send the answers: frozen and scored, once, however often the button is pressed.

    ``note`` puts it on the record; it is told whether the whole visit is done with it.
    """
    request_id = request.form.get("request_id", "")
    if filling.opened.submission is None and (stop := _leave_out(filling, request_id)):
        return redirect(filling.ways.to("review", **stop), 303)
    submission = collect.submit(
        current.session,
        filling.opened,
        filling.instrument,
        current.library.instrument_hash(filling.instrument.key),
        filling.wording,
        request_id,
        current.at,
    )
    note(submission, visits.close_if_complete(current.session, filling.opened, current.at))
    return redirect(filling.ways.to("done"), 303)


def save(filling: Filling, given: Sequence[Given], request_id: str) -> list[Kept]:
    """Keep answers under the name of one attempt."""
    return collect.save(current.session, filling.opened, given, request_id, current.at, filling.wording.language)


def _leave_out(filling: Filling, request_id: str) -> dict[str, str]:
    """Save as left out what is left out on purpose; what the address of the review says where that is not enough."""
    kept = filling.kept()
    unanswered = filling.unanswered(collect.in_force(kept))
    if unanswered and not (request.form.get("leave_out") and review_page.may_leave_out(filling, unanswered)):
        return {"missing": "1"}
    if any(one.is_hard for one in doubts.doubts(filling, kept)):
        return {"look": "1"}
    if unanswered:
        without = DECLINED if filling.on_paper is None else LEFT_BLANK
        save(filling, [Given(item, without, 0) for item in unanswered], request_id)
    return {}


def _items_of(filling: Filling, layout: Layout, number: int) -> tuple[ItemId, ...]:
    """What a screen shows now, for a form that does not say what it showed."""
    screens = filling.screens(layout, collect.in_force(filling.kept()))
    return screens[number - 1].items if number <= len(screens) else abort(404)


def _next(filling: Filling, layout: Layout, shown: Sequence[ItemId], missing: Sequence[ItemId], page: SavedPage) -> str:
    """Where the pressed button leads; forward only once every question of the screen is answered or left out.

    ``shown``: the items that the page showed; ``missing``: those of them without an answer.
    """
    go = request.form.get("go", "next")
    screens = filling.screens(layout, page.answers)
    conflicts = [one.item for one in page.saved if one.is_conflict]
    open_ones = [item for item in filling.unanswered(page.answers) if item in missing]
    if any(item in one.items for item in conflicts for one in screens):
        return screen_url(filling, layout, way.place(screens, conflicts, 1), conflict=",".join(conflicts))
    if go == "next" and open_ones:
        return screen_url(filling, layout, way.place(screens, open_ones, 1), missing="1")
    if go == "next" and (found := doubts.to_tell(filling, page.kept, shown, request.form.getlist("told"))):
        items = [item for one in found for item in one.items if item in shown]
        return screen_url(filling, layout, way.place(screens, items, 1), look=",".join(one.key for one in found))
    if go == "next" and (following := way.ahead(filling.instrument, screens, shown)):
        return screen_url(filling, layout, following.number)
    if go == "back" and (previous := way.before(filling.instrument, screens, shown)):
        return screen_url(filling, layout, previous.number)
    return filling.ways.leave if go in ("leave", "back") else filling.ways.to("review")


def screen_url(filling: Filling, layout: Layout, number: int, **more: str) -> str:
    """The address of a screen."""
    return filling.ways.to("screen", layout=layout, number=number, **more)
