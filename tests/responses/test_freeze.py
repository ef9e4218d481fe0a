"""What may be sent, and what is kept of it for good: also where no page stood in between."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import facts
from app.questionnaires.answers import DECLINED, Said
from app.questionnaires.elements import ItemId
from app.responses import collect
from app.responses.collect import Given
from app.responses.models import Submission, SubmissionScore
from tests.support import features
from tests.support.sheets import open_sheet
from tests.support.world import AT, World


def send(session: Session, world: World, feature: str, answers: Mapping[str, Said]) -> Submission:
    """Answer and send a feature on the sheet that is open; answers are stored as they come."""
    book, key = features.library(), f"{feature}@1.0"
    opened = open_sheet(session, world, "alice")
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


def test_a_soft_check_stops_nobody(world: World):
    with world.study() as session:
        assert {"p1": 7, "p2": 2, "p3": 0} == send(session, world, "checks", {"p1": 7, "p2": 2, "p3": 0}).answers


def test_every_kind_is_frozen_and_only_numbers_are_scored(world: World):
    with world.study() as session:
        sent = send(session, world, "number", {"n1": 72.5, "n2": 3})
        session.refresh(sent)
        assert ({"n1": 72.5, "n2": 3}, [], {}, None) == (sent.answers, sent.skipped, sent.facts, sent.course)
        assert [("WALK", 3.0)] == [(one.scale, one.value) for one in session.scalars(select(SubmissionScore))]


def test_only_the_facts_that_the_instrument_asks_for_are_frozen(world: World):
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        facts.record(session, opened.participant, "age", 40, AT, "staff:1")
        facts.record(session, opened.participant, "shoe_size", 40, AT, "staff:1")
        sent = send(session, world, "routing", {"w1": 1, "w2": 1, "w5": 3})
        assert ({"arm": "A", "age": 40}, ["w3", "w4", "w6"]) == (sent.facts, sent.skipped)
