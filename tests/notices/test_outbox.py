"""Each message is claimed once, and what became of it is never forgotten."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.db import Databases
from app.notices import outbox, tries
from app.notices.models import Notice
from app.notices.outbox import Wanted
from app.participants.models import OccasionRecord, Participant
from app.scheduling.period import parse_period
from app.scheduling.rules import Reminder
from tests.support import people

AT = people.NOON
INVITATION = Reminder(step="invitation", kind="invitation", after=parse_period("P0D"))
REMINDER = Reminder(step="reminder-1", kind="reminder", after=parse_period("P7D"))


@pytest.fixture
def study(empty_databases: Databases) -> Iterator[Session]:
    """A session on an empty study side, on each engine."""
    assert empty_databases.study is not None
    with empty_databases.study.write() as session:
        yield session


@pytest.fixture
def visit(study: Session) -> OccasionRecord:
    """Alice's first visit."""
    return people.an_occasion(study, people.an_account(study))


def claim(study: Session, visit: OccasionRecord, at: datetime = AT, step: Reminder = INVITATION) -> Notice | None:
    """Try to claim one step of the visit."""
    participant = study.get_one(Participant, visit.participant_id)
    wanted = Wanted(participant, visit, step)
    return outbox.claim(study, [wanted], seen(study, visit, at).waking, at).get(wanted.place)


def seen(study: Session, visit: OccasionRecord, at: datetime) -> outbox.Outbox:
    """The outbox of the visit's participant."""
    return outbox.of_participants(study, [visit.participant_id], at)[visit.participant_id]


def test_a_step_is_claimed_once(study: Session, visit: OccasionRecord) -> None:
    assert claim(study, visit) is not None
    assert claim(study, visit) is None
    assert claim(study, visit, step=REMINDER) is not None


def test_a_claim_is_taken_over_when_its_lease_ends_under_the_same_message_id(
    study: Session, visit: OccasionRecord
) -> None:
    first = claim(study, visit)
    assert first is not None
    name = first.message_id
    assert claim(study, visit, AT + outbox.LEASE - timedelta(seconds=1)) is None
    second = claim(study, visit, AT + outbox.LEASE)
    assert second is not None
    assert (first.id, name) == (second.id, second.message_id)
    assert claim(study, visit, AT + outbox.LEASE) is None


def test_what_was_sent_is_never_claimed_again(study: Session, visit: OccasionRecord) -> None:
    notice = claim(study, visit)
    assert notice is not None
    tries.sent(study, notice.message_id, AT)
    assert claim(study, visit, AT + 10 * outbox.LEASE) is None
    study.refresh(notice)
    assert (outbox.SENT, AT, None) == (notice.state, notice.sent_at, notice.waits_until)


def test_the_first_instant_of_sending_stays(study: Session, visit: OccasionRecord) -> None:
    notice = claim(study, visit)
    assert notice is not None
    tries.sent(study, notice.message_id, AT)
    tries.sent(study, notice.message_id, AT + outbox.LEASE)
    study.refresh(notice)
    assert AT == notice.sent_at


def test_a_step_that_came_too_late_is_settled(study: Session, visit: OccasionRecord) -> None:
    outbox.skip(study, [Wanted(study.get_one(Participant, visit.participant_id), visit, INVITATION)], AT)
    assert claim(study, visit, AT + outbox.LEASE) is None
    assert {"invitation"} == seen(study, visit, AT).steps(visit)


def test_skipping_leaves_a_step_that_was_sent_as_it_is(study: Session, visit: OccasionRecord) -> None:
    notice = claim(study, visit)
    assert notice is not None
    tries.sent(study, notice.message_id, AT)
    outbox.skip(study, [Wanted(study.get_one(Participant, visit.participant_id), visit, INVITATION)], AT)
    study.refresh(notice)
    assert outbox.SENT == notice.state


def test_a_lease_settles_its_step_until_it_ends(study: Session, visit: OccasionRecord) -> None:
    notice = claim(study, visit)
    assert notice is not None
    before, after = seen(study, visit, AT), seen(study, visit, AT + outbox.LEASE)
    assert (frozenset({"invitation"}), AT + outbox.LEASE, {}) == (
        before.steps(visit),
        before.wakes_at,
        before.waking,
    )
    assert (frozenset(), None, {(visit.id, "invitation"): notice.id}) == (
        after.steps(visit),
        after.wakes_at,
        after.waking,
    )


def test_only_what_nobody_has_taken_over_is_written_off(study: Session, visit: OccasionRecord) -> None:
    first, second = claim(study, visit), claim(study, visit, step=REMINDER)
    assert first is not None
    assert second is not None
    later = AT + outbox.LEASE
    lost = seen(study, visit, later).waking
    claim(study, visit, later)
    outbox.write_off(study, lost.values(), later)
    for notice in (first, second):
        study.refresh(notice)
    assert (outbox.LEASED, outbox.SKIPPED) == (first.state, second.state)
