"""Every answer once more before it is sent, what has none, and what is doubtful; and the thanks afterwards."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from flask import render_template, request

from app.questionnaires import routing
from app.questionnaires.answers import Blank, Declined
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Screen
from app.responses import collect
from app.responses.collect import Kept
from app.responses.models import Submission
from app.web import instrument_form, question_words
from app.web.filling import doubts
from app.web.filling.doubts import Doubt
from app.web.filling.sheet import Filling, new_request_id
from app.web.request import current


def review_page(filling: Filling) -> str:
    """The page; questions that routing left out were never asked, so only how many they are is said."""
    kept = filling.kept()
    answers = collect.in_force(kept)
    one_by_one = {screen.items[0]: screen.number for screen in filling.screens("item", answers)}
    pages = [(page, filling.questions(page, kept)) for page in _whole_pages(filling.screens("item", answers))]
    unanswered = filling.unanswered(answers)
    found = doubts.doubts(filling, kept)
    return render_template(
        "questionnaire/review.html",
        filling=filling,
        pages=pages,
        places=one_by_one,
        last=max(one_by_one.values(), default=1),
        words={item: _words(filling, kept[item]) for item in one_by_one if item in answers},
        unanswered=unanswered,
        not_asked=len(routing.skipped(filling.instrument, answers, filling.known)),
        may_leave_out=may_leave_out(filling, unanswered),
        hard=[(one.sentence, _where(one, one_by_one)) for one in found if one.is_hard],
        soft=[(one.sentence, _where(one, one_by_one)) for one in found if not one.is_hard],
        progress=filling.progress(answers),
        request_id=new_request_id(),
        must_decide="missing" in request.args,
    )


def done_page(filling: Filling, submission: Submission) -> str:
    """Thank you; and the next questionnaire of the visit, if there is one."""
    return render_template(
        "questionnaire/done.html",
        filling=filling,
        sent_at=submission.submitted_at,
        is_more_to_do=filling.opened.record.submitted_at is None,
        visit_key=filling.opened.record.key,
        is_link=current.person is not None and current.person.scope is not None,
    )


def may_leave_out(filling: Filling, unanswered: Collection[ItemId]) -> bool:
    """Whether all that is open may be left out: no question of it is required, and no test would go on with more.

    On paper anything can be blank.
    """
    if filling.on_paper is not None:
        return True
    is_required = any(filling.instrument.items[item].required for item in unanswered)
    return not is_required and filling.instrument.adaptive_items.isdisjoint(unanswered)


def _whole_pages(one_by_one: Iterable[Screen]) -> Iterator[Screen]:
    """The questions under the heading of their page, also where a page asks them one by one."""
    for key, found in groupby(one_by_one, key=lambda screen: screen.page_key):
        screens = list(found)
        yield Screen(screens[0].number, tuple(item for screen in screens for item in screen.items), key)


def _where(doubt: Doubt, places: dict[ItemId, int]) -> int:
    """The screen of the last of its questions that is asked."""
    return max((places[item] for item in doubt.items if item in places), default=1)


def _words(filling: Filling, kept: Kept) -> str:
    if isinstance(kept.answer, Blank):
        return ""
    if isinstance(kept.answer, Declined):
        return str(question_words.WITHOUT[kept.answer])
    return instrument_form.label(filling.instrument, filling.wording, kept.item, kept.answer)
