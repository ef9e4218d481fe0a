"""R6: two tabs answer the same question; the last one counts, its tab is told, and both are in the history."""

from functools import partial

from sqlalchemy import select

from app.responses.models import Answer, AnswerSheet
from tests.promises.conftest import trials
from tests.support.production import Device, Site
from tests.support.together import at_once


def test_a_conflict_is_told_to_whoever_came_second_and_both_answers_are_kept(site: Site):
    """30 pairs by default, 500 with WESHARE_FULL=1.

    Seen failing when ``seen`` was stored as the revision before, and on PostgreSQL when a save did not lock its sheet.
    """
    [member] = site.crowd()
    with Device(site, member) as first:
        sheet = first.begin()
        second = first.same()
        for number in range(trials(30, 500)):
            saves = (
                partial(tab.save, "q1", value, f"{name}-{number:05}", seen=2 * number)
                for tab, value, name in ((first, 1, "first"), (second, 4, "second"))
            )
            told = sorted((answer.json() for answer in at_once(list(saves))), key=lambda answer: answer["revision"])
            revisions = [2 * number + 1, 2 * number + 2]
            assert [(revisions[0], False), (revisions[1], True)] == [(a["revision"], a["conflict"]) for a in told]
    with site.study.read() as session:
        found = select(Answer.revision, Answer.value).join(AnswerSheet).where(AnswerSheet.key == sheet.split("/")[-1])
        history = session.execute(found.order_by(Answer.revision)).all()
    pairs = [{history[place].value, history[place + 1].value} for place in range(0, len(history), 2)]
    assert [{1, 4}] * trials(30, 500) == pairs
