"""Every kind of message has a cause, and every cause a message."""

from app.jobs.offers import STUDY_NEWS
from app.jobs.staff_words import WAYS
from app.jobs.tidings import IS_WANTED
from app.notices.causes import CAUSES
from app.notices.compose import DIGEST, KINDS, VISIT_KINDS
from app.notices.staff_outbox import TEST


def test_every_kind_of_message_has_a_cause_and_somebody_who_sends_it():
    """Seen failing with templates of messages that nothing sent."""
    assert {*KINDS, TEST} == set(CAUSES)
    for_staff = {kind for kind, cause in CAUSES.items() if cause.is_for_staff}
    assert set(WAYS) == for_staff
    assert {*VISIT_KINDS, DIGEST, STUDY_NEWS, *IS_WANTED} == set(CAUSES) - for_staff
