"""What may still leave, what became of a try, and what nobody may undo; each rule seen failing with it left out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.notices import outbox, tries
from app.notices.models import ContactTask, Notice
from app.notices.outbox import ATTEMPTING, DUE, FAILED, HELD, LEASED, SENT, SKIPPED, UNKNOWN
from app.participants.models import OccasionRecord, Participant, ParticipantEvent
from tests.notices.test_outbox import AT, INVITATION, REMINDER, claim, seen
from tests.support import people
from tests.support.tables import study_tables

SOON, LATER = AT + timedelta(minutes=1), AT + outbox.LEASE
DAY = tries.GIVE_UP_AFTER


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty study side; what both engines do alike is tested in test_outbox.py."""
    database = study_tables(tmp_path)
    with database.write() as session:
        yield session
    database.engine.dispose()


@pytest.fixture
def visit(study: Session) -> OccasionRecord:
    """Alice's first visit."""
    return people.an_occasion(study, people.an_account(study))


@pytest.fixture
def notice(study: Session, visit: OccasionRecord) -> Notice:
    """Its invitation, claimed."""
    found = claim(study, visit)
    assert found is not None
    return found


def now(study: Session, notice: Notice) -> str:
    """In which state the notice is."""
    study.refresh(notice)
    return notice.state


def put(study: Session, notice: Notice, **values: object) -> None:
    """Make it be so, whatever led there."""
    study.execute(update(Notice).where(Notice.id == notice.id).values(**values))
    study.refresh(notice)


@pytest.mark.parametrize(
    ("whose", "fact"),
    [
        (OccasionRecord, "submitted_at"),
        (OccasionRecord, "excused_at"),
        (OccasionRecord, "declined_at"),
        (Participant, "withdrawn_at"),
        (Participant, "contact_withdrawn_at"),
        (Participant, "contact_stopped_at"),
        (Participant, "use_withdrawn_at"),
        (Participant, "use_restricted_at"),
    ],
)
def test_nothing_leaves_after_what_was_done_or_said_since_the_claim(
    study: Session, notice: Notice, whose: type[OccasionRecord] | type[Participant], fact: str
) -> None:
    study.execute(update(whose).values(**{fact: SOON}))
    assert not tries.begin(study, notice.message_id, SOON)
    assert (SKIPPED, None) == (now(study, notice), notice.waits_until)


def test_after_a_new_date_it_is_found_out_anew_what_is_due(study: Session, notice: Notice) -> None:
    """Somebody may have died since."""
    day = {"participant_id": notice.participant_id, "key": "death", "number": 1, "on": AT.date()}
    study.add(ParticipantEvent(**day, recorded_at=SOON + timedelta(seconds=1), recorded_by="staff:1"))
    study.flush()
    assert not tries.begin(study, notice.message_id, SOON)
    assert (DUE, SOON) == (now(study, notice), notice.waits_until)


@pytest.mark.parametrize("state", [DUE, HELD, SKIPPED, SENT, FAILED, UNKNOWN])
def test_only_what_is_claimed_leaves(study: Session, notice: Notice, state: str) -> None:
    put(study, notice, state=state)
    assert not tries.begin(study, notice.message_id, SOON)
    assert state == now(study, notice)


def test_a_try_is_counted_and_the_first_one_is_the_one_that_a_day_is_counted_from(
    study: Session, notice: Notice
) -> None:
    for count, at in enumerate((SOON, LATER), start=1):
        assert tries.begin(study, notice.message_id, at)
        study.refresh(notice)
        assert (ATTEMPTING, count, SOON, at + outbox.LEASE) == (
            notice.state,
            notice.attempts,
            notice.tried_at,
            notice.waits_until,
        )
        put(study, notice, state=LEASED)


@pytest.mark.parametrize(("after", "state"), [(DAY - timedelta(seconds=1), DUE), (DAY, FAILED)])
def test_after_a_whole_day_of_tries_it_has_failed(study: Session, notice: Notice, after: timedelta, state: str) -> None:
    tries.begin(study, notice.message_id, AT)
    study.refresh(notice)
    is_over = tries.put_off(study, notice.message_id, "smtp-421", AT + after, is_unclear=False)
    assert (state == FAILED, state, None) == (is_over, now(study, notice), notice.ambiguous_at)


def test_a_try_of_which_nobody_knows_is_on_record(study: Session, notice: Notice) -> None:
    tries.begin(study, notice.message_id, AT)
    tries.put_off(study, notice.message_id, "smtp-timeout", SOON, is_unclear=True)
    assert (DUE, SOON) == (now(study, notice), notice.ambiguous_at)


@pytest.mark.parametrize("state", [SENT, SKIPPED, UNKNOWN, HELD])
def test_what_is_decided_is_not_undone_by_a_late_word(study: Session, notice: Notice, state: str) -> None:
    put(study, notice, state=state, tried_at=AT)
    assert not tries.put_off(study, notice.message_id, "smtp-421", AT + DAY, is_unclear=True)
    tries.fail(study, notice.message_id, "smtp-550")
    tries.put_back(study, [notice.message_id], SOON)
    assert (state, None) == (now(study, notice), notice.ambiguous_at)


def test_what_was_given_up_and_arrived_after_all_has_arrived(study: Session, notice: Notice) -> None:
    put(study, notice, state=UNKNOWN)
    tries.sent(study, notice.message_id, SOON)
    assert SENT == now(study, notice)


def test_a_visit_is_announced_by_its_first_message(study: Session, visit: OccasionRecord, notice: Notice) -> None:
    tries.sent(study, notice.message_id, AT)
    second = claim(study, visit, LATER, REMINDER)
    assert second is not None
    tries.sent(study, second.message_id, LATER)
    study.refresh(visit)
    assert visit.notified_at == AT


def test_of_two_who_see_the_same_lease_end_one_takes_it_over(
    study: Session, visit: OccasionRecord, notice: Notice
) -> None:
    """The second one goes by what it has read before."""
    wanted = outbox.Wanted(study.get_one(Participant, visit.participant_id), visit, INVITATION)
    waking = seen(study, visit, LATER).waking
    assert [notice] == list(outbox.claim(study, [wanted], waking, LATER).values())
    assert {} == outbox.claim(study, [wanted], waking, LATER)


def test_who_died_while_handing_over_leaves_a_word_of_it(study: Session, notice: Notice, visit: OccasionRecord) -> None:
    tries.begin(study, notice.message_id, AT)
    assert claim(study, visit, LATER) is not None
    study.refresh(notice)
    assert (LEASED, LATER) == (notice.state, notice.ambiguous_at)


def test_what_may_have_left_before_is_never_said_to_have_been_skipped(study: Session, notice: Notice) -> None:
    put(study, notice, state=DUE, ambiguous_at=AT, waits_until=SOON)
    outbox.write_off(study, [notice.id], SOON)
    assert UNKNOWN == now(study, notice)


def test_a_message_of_no_ladder_is_taken_over_once_and_says_who_died(study: Session, visit: OccasionRecord) -> None:
    mine = (study, visit.participant_id, "receipt", "visit:1")
    first = outbox.claim_other(*mine, AT)
    assert first is not None
    assert None is outbox.claim_other(*mine, SOON)
    tries.begin(study, first.message_id, SOON)
    later = SOON + outbox.LEASE
    assert None is outbox.claim_other(*mine, later - timedelta(seconds=1))
    assert first is outbox.claim_other(*mine, later)
    study.refresh(first)
    assert (LEASED, later) == (first.state, first.ambiguous_at)


@pytest.mark.parametrize(
    ("state", "expected"),
    [(DUE, SKIPPED), (LEASED, SKIPPED), (HELD, SKIPPED), (ATTEMPTING, ATTEMPTING), (SENT, SENT), (UNKNOWN, UNKNOWN)],
)
def test_what_is_settled_is_not_sent_and_what_may_have_left_stays(
    study: Session, notice: Notice, state: str, expected: str
) -> None:
    put(study, notice, state=state)
    outbox.settle(study, notice.participant_id, notice.kind)
    assert expected == now(study, notice)


@pytest.mark.parametrize(("look", "expected"), [(None, AT), (LATER, AT), (AT - DAY, AT - DAY)])
def test_whoever_gets_news_is_looked_at_by_then_and_never_later_than_before(
    study: Session, visit: OccasionRecord, look: object, expected: object
) -> None:
    study.execute(update(Participant).values(next_look_at=look))
    outbox.make_due(study, [visit.participant_id], "results", "post:1", AT)
    found = study.get_one(Participant, visit.participant_id)
    study.refresh(found)
    assert expected == found.next_look_at


def test_what_is_sent_once_more_is_sent_once_more_only(study: Session, visit: OccasionRecord) -> None:
    """Two weeks after the first message, and never two weeks after the second."""
    pause = outbox.REPEATED["consent"]
    for about, at in (("consent:1", AT), (f"consent:1{outbox.AGAIN}", AT + pause)):
        before = seen(study, visit, at)
        assert before.again == ({about} if about.endswith(outbox.AGAIN) else frozenset())
        made = outbox.claim_other(study, visit.participant_id, "consent", about, at)
        assert made is not None
        tries.sent(study, made.message_id, at)
        assert seen(study, visit, AT).wakes_at == (None if about.endswith(outbox.AGAIN) else AT + pause)
    assert frozenset() == seen(study, visit, AT + 3 * pause).again


def test_an_address_is_asked_for_once_until_somebody_has_seen_to_it(study: Session, visit: OccasionRecord) -> None:
    mine = (study, visit.participant_id, "email", "smtp-550")
    assert [True, False] == [tries.raise_task(*mine, AT), tries.raise_task(*mine, SOON)]
    study.execute(update(ContactTask).values(done_at=SOON))
    assert tries.raise_task(*mine, LATER)
