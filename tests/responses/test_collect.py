"""Answers are appended, never changed; a submission happens once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.errors import Refusal
from app.participants import agenda
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.answers import DECLINED
from app.questionnaires.elements import ItemId
from app.questionnaires.library import Library
from app.responses import collect, sheets, visits
from app.responses.collect import Given, Kept
from app.responses.models import Answer, Submission, SubmissionScore
from app.responses.sheets import OpenSheet
from tests.support.sheets import library, open_sheet
from tests.support.world import ACCOUNTS, AT, World

LATER = AT + timedelta(hours=1)


@pytest.fixture
def book() -> Library:
    return library()


def given(item: str, value: int, seen: int = 0, *, is_old: bool = False) -> Given:
    return Given(ItemId(item), value, seen, is_old)


def kept_values(session, sheet_id):
    return {item: kept.answer for item, kept in collect.current_answers(session, sheet_id).items()}


def test_the_last_answer_counts_and_the_first_one_stays_in_the_history(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        collect.save(session, opened, [given("q1", 3, seen=1)], "request-2", AT, "fr")
        assert {"q1": 3} == kept_values(session, opened.sheet.id)
        assert [(1, 2), (2, 3)] == [(row.revision, row.value) for row in session.scalars(select(Answer))]


def test_left_out_on_purpose_is_an_answer_of_its_own(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [Given(ItemId("q1"), DECLINED, 0)], "request-1", AT, "fr")
        assert {"q1": DECLINED} == kept_values(session, opened.sheet.id)


def test_a_repeated_request_changes_nothing_and_gets_the_same_answer(world: World):
    """Seen failing when the look-up of the request id was taken out of save()."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        first = collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        collect.save(session, opened, [given("q1", 4, seen=1)], "request-2", AT, "fr")
        assert first == collect.save(session, opened, [given("q1", 2)], "request-1", LATER, "fr")
        assert {"q1": 4} == kept_values(session, opened.sheet.id)


def test_a_repeat_that_comes_after_the_closing_gets_the_same_answer_too(world: World):
    """What was acknowledged was saved. Seen failing with the window asked first."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        first = collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        assert opened.occasion is not None
        long_after = opened.occasion.closes + timedelta(days=30)
        assert first == collect.save(session, opened, [given("q1", 2)], "request-1", long_after, "fr")
        with pytest.raises(Refusal, match="closed"):
            collect.save(session, opened, [given("q1", 2)], "request-2", long_after, "fr")


def test_two_tabs_on_one_item_the_last_one_counts_is_told_and_both_are_kept(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        (first,) = collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        (second,) = collect.save(session, opened, [given("q1", 4)], "request-2", AT, "fr")
        assert (False, True) == (first.is_conflict, second.is_conflict)
        assert 2 == session.scalar(select(func.count()).select_from(Answer))


def test_two_tabs_that_say_the_same_are_no_conflict(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        (second,) = collect.save(session, opened, [given("q1", 2)], "request-2", AT, "fr")
        assert not second.is_conflict


def test_an_answer_kept_offline_does_not_overwrite_a_newer_one(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        with pytest.raises(Refusal, match="answered-elsewhere"):
            collect.save(session, opened, [given("q1", 4, is_old=True)], "request-2", LATER, "fr")


def test_an_old_page_sent_again_changes_only_what_its_reader_changed(world: World):
    """Seen failing when save_page() compared with the latest answer instead of the one the page had shown."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [given("q1", 2), given("q2", 1)], "request-1", AT, "fr")
        collect.save(session, opened, [given("q1", 4, seen=1)], "request-2", AT, "fr")
        old_page = [given("q1", 2, seen=1), given("q2", 3, seen=1)]
        page = collect.save_page(session, opened, old_page, "request-3", AT, "fr")
        assert [Kept(ItemId("q2"), 3, 2, is_conflict=False)] == page.saved
        assert {"q1": 4, "q2": 3} == page.answers
        assert {"q1": 4, "q2": 3} == kept_values(session, opened.sheet.id)


@pytest.mark.parametrize("request_id", ["", "short", "x" * 65, "with blanks in it", "ümlaut-id-1"])
def test_a_request_without_a_proper_name_is_refused(world: World, request_id: str):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        with pytest.raises(Refusal, match="bad-request-id"):
            collect.save(session, opened, [given("q1", 2)], request_id, AT, "fr")


def answer_everything(session, opened: OpenSheet, book: Library, value: int = 2) -> None:
    instrument = book.instrument(opened.sheet.instrument)
    collect.save(session, opened, [Given(item, value, 0) for item in instrument.order], "all-at-once", AT, "fr")


def send(session, opened: OpenSheet, book: Library, request_id: str = "sending-1", at=LATER) -> Submission:
    key = opened.sheet.instrument
    return collect.submit(
        session, opened, book.instrument(key), book.instrument_hash(key), book.wording(key, "fr"), request_id, at
    )


def again(session, opened: OpenSheet, name: str = "alice") -> OpenSheet:
    found = sheets.find_owned(session, opened.sheet.key, ACCOUNTS[name])
    assert found is not None
    return found


def test_sending_freezes_answers_scores_and_every_version(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        submission = send(session, opened, book)
        assert {f"q{number}": 2 for number in range(1, 31)} == submission.answers
        assert ("weshare-core@1.0", "1", "1", 1, False) == (
            submission.instrument,
            submission.wording_version,
            submission.scoring_version,
            submission.protocol_version,
            submission.late,
        )
        assert 64 == len(submission.instrument_hash) == len(submission.wording_hash)
        scores = {row.scale: row.value for row in session.scalars(select(SubmissionScore))}
        assert pytest.approx(200 / 3) == scores["PF"]
        assert pytest.approx(100 / 3) == scores["FA"]
        assert 15 == len(scores)


def test_a_scale_with_too_few_answers_stays_empty_and_says_how_many_there_were(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        for item in ("q1", "q2", "q3"):
            collect.save(session, opened, [Given(ItemId(item), DECLINED, 1)], f"decline-{item}", AT, "fr")
        send(session, opened, book)
        physical = session.scalars(select(SubmissionScore).where(SubmissionScore.scale == "PF")).one()
        assert (None, 2, 5, 3) == (physical.value, physical.answered, physical.of, physical.needed)


def test_a_questionnaire_with_an_open_question_is_not_sent(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        collect.save(session, opened, [given("q1", 2)], "request-1", AT, "fr")
        with pytest.raises(Refusal, match="not-complete"):
            send(session, opened, book)


def test_sending_again_is_refused_and_the_same_click_twice_is_one_submission(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        first = send(session, opened, book)
        assert first.id == send(session, again(session, opened), book).id
        with pytest.raises(Refusal, match="already-sent"):
            send(session, again(session, opened), book, "sending-2")
        assert 1 == session.scalar(select(func.count()).select_from(Submission))


def test_a_visit_is_done_when_every_instrument_is_sent_and_is_looked_at_then(world: World, book: Library):
    """Seen failing with the first one enough, and with the next look left where it was."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        send(session, opened, book)
        assert opened.occasion is not None
        two = replace(opened.occasion, instruments=(*opened.occasion.instruments, "other@1.0"))
        assert not visits.close_if_complete(session, replace(opened, occasion=two), LATER)
        assert visits.close_if_complete(session, opened, LATER)
        assert LATER == opened.participant.next_look_at == opened.record.submitted_at


def test_the_first_opening_and_the_first_answer_are_the_ones_on_record(world: World):
    """Seen failing with the last of either."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        for number, at in enumerate((AT, LATER)):
            sheets.open_all(session, opened.record, (opened.sheet.instrument,), "fr", at)
            collect.save(session, opened, [given("q1", 2 + number, seen=number)], f"request-{number}", at, "fr")
        assert (AT, AT) == (opened.record.opened_at, opened.record.started_at)


def test_a_whole_page_is_not_saved_after_the_closing(world: World):
    """Seen failing without the question."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        assert opened.occasion is not None
        with pytest.raises(Refusal, match="closed"):
            collect.save_page(session, opened, [given("q1", 2)], "request-1", AT.replace(month=8), "fr")


def test_a_visit_is_closed_once_by_whoever_was_first(world: World, book: Library):
    """Whoever waited still holds it as it was. Seen failing with an UPDATE that asks for nothing."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        send(session, opened, book)
        assert opened.record.submitted_at is None
        meanwhile = update(OccasionRecord).values(submitted_at=AT)
        session.execute(meanwhile.execution_options(synchronize_session=False))
        assert not visits.close_if_complete(session, opened, LATER)
        session.refresh(opened.record)
        assert opened.record.submitted_at == AT


def test_nothing_is_saved_after_sending(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        send(session, opened, book)
        with pytest.raises(Refusal, match="already-sent"):
            collect.save(session, again(session, opened), [given("q1", 4, seen=1)], "request-9", LATER, "fr")


def test_a_visit_that_has_closed_takes_no_answer_but_one_begun_before_has_a_day_of_grace(world: World):
    closed = AT.replace(month=6, day=1)
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        with pytest.raises(Refusal, match="closed"):
            collect.save(session, opened, [given("q1", 2)], "request-1", closed, "fr")
        collect.save(session, opened, [given("q1", 2)], "request-2", AT, "fr")
        collect.save(session, opened, [given("q2", 2)], "request-3", opened.occasion.closes, "fr")
        late = opened.occasion.closes + timedelta(hours=24)
        with pytest.raises(Refusal, match="closed"):
            collect.save(session, opened, [given("q3", 2)], "request-4", late, "fr")


def test_answers_after_the_due_day_are_labelled_late(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        assert send(session, opened, book, at=opened.occasion.due).late


def test_the_visit_is_done_when_its_last_questionnaire_is_sent(world: World, book: Library):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answer_everything(session, opened, book)
        assert not visits.close_if_complete(session, opened, LATER)
        send(session, opened, book)
        assert visits.close_if_complete(session, again(session, opened), LATER)
        assert not visits.close_if_complete(session, again(session, opened), LATER)
        participant = session.get_one(Participant, world.participants["alice"])
        first = agenda.of_participants(session, [participant], LATER)[participant.id][0]
        assert LATER == first.facts.submitted


def test_another_person_does_not_find_the_sheet(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        assert sheets.find_owned(session, opened.sheet.key, ACCOUNTS["charlie"]) is None


def test_a_visit_opened_twice_has_one_sheet(world: World):
    with world.study() as session:
        assert open_sheet(session, world, "alice").sheet.id == open_sheet(session, world, "alice").sheet.id
