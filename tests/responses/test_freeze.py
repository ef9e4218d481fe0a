"""What may be sent, and what is kept of it for good: also where no page stood in between."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import facts
from app.participants.models import Participant
from app.questionnaires.answers import DECLINED, Said
from app.questionnaires.elements import ItemId
from app.responses import collect
from app.responses.collect import Given
from app.responses.models import Submission, SubmissionScore
from tests.support import features
from tests.support.sheets import open_sheet
from tests.support.world import AT, World


def send(
    session: Session, world: World, feature: str, answers: Mapping[str, Said], on_paper: datetime | None = None
) -> Submission:
    """Answer and send a feature on the sheet that is open; answers are stored as they come, perhaps from paper."""
    book, key = features.library(), f"{feature}@1.0"
    opened = replace(open_sheet(session, world, "alice"), answered_at=on_paper)
    opened.sheet.answered_on = None if on_paper is None else on_paper.date()
    collect.save(
        session, opened, [Given(ItemId(item), said, 0) for item, said in answers.items()], "saving-1", AT, "fr"
    )
    instrument = book.instrument(key)
    wording = book.wording(key, "fr")
    return collect.submit(session, opened, instrument, book.instrument_hash(key), wording, "sending-1", AT)


@pytest.mark.parametrize(
    ("code", "feature", "answers"),
    [
        ("not-complete", "required", {"q1": DECLINED, "q2": DECLINED}),
        ("not-complete", "required", {"q2": DECLINED}),
        ("not-plausible", "checks", {"p1": 7, "p2": 0, "p3": 1}),
        ("not-complete", "adaptive", {"a3": 3}),
    ],
)
def test_what_is_not_ready_is_not_sent(world: World, code: str, feature: str, answers: dict[str, Said]):
    with world.study() as session, pytest.raises(Refusal, match=code):
        send(session, world, feature, answers)


def test_a_form_on_paper_says_what_it_says(world: World):
    """Also what nobody can have meant. Seen failing with the hard checks asked of it."""
    with world.study() as session:
        sent = send(session, world, "checks", {"p1": 7, "p2": 0, "p3": 1}, AT)
        assert {"p1": 7, "p2": 0, "p3": 1} == sent.answers


def test_facts_are_frozen_as_they_were_on_the_day_of_the_form(world: World):
    """Seen failing with those of the day on which it was entered."""
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        for age, on in ((40, None), (41, AT.date())):
            facts.record(session, alice, "age", age, AT, "staff:1", on=on)
        before = AT - timedelta(days=2)
        assert 40 == send(session, world, "routing", {"w1": 1, "w2": 1, "w5": 3}, before).facts["age"]


def test_what_comes_late_is_labelled_only_where_the_visit_says_so(world: World):
    """Seen failing with the label on every late form."""
    book, key = features.library(), "checks@1.0"
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        assert opened.occasion is not None
        taken = opened.occasion.visit.model_copy(update={"late_answers": "taken"})
        opened = replace(opened, occasion=replace(opened.occasion, visit=taken))
        at = opened.occasion.due
        given = [Given(ItemId(item), said, 0) for item, said in {"p1": 7, "p2": 2, "p3": 0}.items()]
        collect.save(session, opened, given, "saving-1", at, "fr")
        wording = book.wording(key, "fr")
        sent = collect.submit(session, opened, book.instrument(key), book.instrument_hash(key), wording, "sent-1", at)
        assert not sent.late


def test_a_soft_check_stops_nobody(world: World):
    with world.study() as session:
        assert {"p1": 7, "p2": 2, "p3": 0} == send(session, world, "checks", {"p1": 7, "p2": 2, "p3": 0}).answers


def test_every_kind_is_frozen_and_only_numbers_are_scored(world: World):
    with world.study() as session:
        sent = send(session, world, "number", {"n1": 72.5, "n2": 3})
        session.refresh(sent)
        assert sent.wording_hash == features.library().wording("number@1.0", "fr").content_hash
        assert ({"n1": 72.5, "n2": 3}, [], {}, None) == (sent.answers, sent.skipped, sent.facts, sent.course)
        assert [("WALK", 3.0)] == [(one.scale, one.value) for one in session.scalars(select(SubmissionScore))]


def test_only_the_facts_that_the_instrument_asks_for_are_frozen(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        facts.record(session, opened.participant, "age", 40, AT, "staff:1")
        facts.record(session, opened.participant, "shoe_size", 40, AT, "staff:1")
        sent = send(session, world, "routing", {"w1": 1, "w2": 1, "w5": 3})
        assert ({"arm": "A", "age": 40}, ["w3", "w4", "w6"]) == (sent.facts, sent.skipped)
