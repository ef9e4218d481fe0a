"""R5: two devices of one person save different questions at the same instant, and both answers are there."""

from functools import partial

from sqlalchemy import select

from app.responses.models import Answer, AnswerSheet
from tests.promises.conftest import trials
from tests.support.production import Device, Site
from tests.support.together import at_once


def test_answers_to_different_questions_at_the_same_instant_are_all_kept(site: Site):
    """30 pairs by default, 500 with WESHARE_FULL=1.

    Seen failing on SQLite when a save began as a reader and became a writer half-way.
    """
    [member] = site.crowd()
    acknowledged = {}
    with Device(site, member) as phone:
        sheet = phone.begin()
        desk = phone.same()
        for number in range(trials(30, 500)):
            items = f"q{number % 28 + 1}", f"q{(number + 14) % 28 + 1}"
            names = f"phone-{number:04}", f"desk-{number:05}"
            saves = zip((phone, desk), items, names, strict=True)
            answers = at_once([partial(device.save, item, 1 + number % 4, name) for device, item, name in saves])
            assert [200, 200] == [answer.status_code for answer in answers]
            acknowledged.update(zip(names, items, strict=True))
    with site.study.read() as session:
        rows = session.execute(
            select(Answer.request_id, Answer.item).join(AnswerSheet).where(AnswerSheet.key == sheet.split("/")[-1])
        )
        assert acknowledged == dict(rows.all())
