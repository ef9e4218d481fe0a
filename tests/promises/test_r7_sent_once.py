"""R7: however often and wherever "Send my answers" is pressed, there is one submission with one score a scale."""

from functools import partial

from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.participants.models import OccasionRecord, Participant
from app.responses.models import AnswerSheet, Submission, SubmissionScore
from tests.promises.conftest import trials
from tests.support.crowd import Member
from tests.support.production import Device, Site
from tests.support.together import at_once

PRESSES = 16


def stored(site: Site, member: Member) -> tuple[int, int, int, int]:
    """Submissions, scores, audit entries and answered visits of one member."""
    with site.study.read() as session:
        person = session.get_one(Participant, member.participant)
        mine = select(Submission.id).join(AnswerSheet).join(OccasionRecord)
        ids = session.scalars(mine.where(OccasionRecord.participant_id == person.id)).all()
        scores = session.scalars(select(SubmissionScore.scale).where(SubmissionScore.submission_id.in_(ids))).all()
        assert len(set(scores)) == len(scores)
        about = AuditEntry.action == "visit.submitted", AuditEntry.subject == f"participant:{person.pseudonym}"
        entries = session.scalar(select(func.count()).select_from(AuditEntry).where(*about))
        done = select(func.count()).select_from(OccasionRecord).where(OccasionRecord.submitted_at.is_not(None))
        visits = session.scalar(done.where(OccasionRecord.participant_id == person.id))
    return len(ids), len(scores), entries or 0, visits or 0


def press(site: Site, member: Member, names: list[str]) -> list[int]:
    """Press "Send" once for each name, all at the same instant; what was answered."""
    with Device(site, member) as one:
        one.begin()
        answers = at_once([partial(one.same().send, name, leave_out="1") for name in names])
    return sorted(answer.status_code for answer in answers)


def test_a_double_click_is_one_submission_and_every_click_is_thanked(site: Site):
    """16 clicks, 3 times by default, 200 with WESHARE_FULL=1.

    Seen failing on PostgreSQL when the sheet was not locked, and when the visit, as it was read before the lock was
    granted, decided whether it was closed already: four entries in the audit trail.
    """
    for member in site.crowd(trials(3, 200)):
        assert [303] * PRESSES == press(site, member, ["one-click-only"] * PRESSES)
        assert (1, 15, 1, 1) == stored(site, member)


def test_sending_from_many_windows_is_one_submission_and_the_others_are_told(site: Site):
    for member in site.crowd(trials(2, 200)):
        statuses = press(site, member, [f"window-{number:04}" for number in range(PRESSES)])
        assert [303] + [409] * (PRESSES - 1) == statuses
        assert (1, 15, 1, 1) == stored(site, member)
