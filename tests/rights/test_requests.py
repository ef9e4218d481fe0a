"""Requests about data: due within a month, worked on step by step, over when they are answered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants.models import Participant
from app.rights import requests
from tests.support.world import ACCOUNTS, AT, World


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    with world.study() as opened:
        yield opened


def ask(session: Session, world: World, kind: str = "access", at: datetime = AT) -> requests.Case:
    """Alice's newest request."""
    requests.ask(session, session.get_one(Participant, world.participants["alice"]), kind, "", at)
    return requests.of_account(session, ACCOUNTS["alice"])[0]


def refused(session: Session, case: requests.Case, state: str, answer: str = "") -> str:
    with pytest.raises(Refusal) as said:
        requests.advance(session, case, state, answer, "staff:1", AT)
    return said.value.code


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 5, 4, 22, 30, tzinfo=UTC), date(2026, 6, 5)),  # it is the fifth already in Paris
    ],
)
def test_the_answer_is_due_one_month_later_where_the_participant_lives(
    session: Session, world: World, at: datetime, due: date
):
    """Seen failing with thirty days, and with the date in UTC."""
    assert due == ask(session, world, at=at).request.due_on


def test_a_request_is_late_from_the_day_after(session: Session, world: World):
    case = ask(session, world)
    assert not case.is_late(case.request.due_on)
    assert case.is_late(case.request.due_on + timedelta(days=1))


def test_what_is_over_stays_over(session: Session, world: World):
    case = ask(session, world)
    requests.advance(session, case, requests.GRANTED, "Done.", "staff:1", AT)
    assert "right-is-over" == refused(session, case, requests.REFUSED, "No.")
    assert "right-is-over" == refused(session, case, requests.TAKEN_BACK)


def test_an_end_needs_an_answer(session: Session, world: World):
    case = ask(session, world)
    assert "answer-missing" == refused(session, case, requests.REFUSED, "  ")
    assert "text-too-long" == refused(session, case, requests.GRANTED, "x" * 4001)


def test_the_same_is_not_asked_twice_while_it_is_open(session: Session, world: World):
    case = ask(session, world)
    with pytest.raises(Refusal, match="right-already-asked"):
        ask(session, world)
    requests.advance(session, case, requests.TAKEN_BACK, "", "account:x", AT)
    assert requests.ASKED == ask(session, world).state


def test_a_team_sees_its_sites_only(session: Session, world: World):
    ask(session, world)
    alice = session.get_one(Participant, world.participants["alice"])
    assert 1 == len(requests.of_study(session, world.study_id, [alice.site_id]))
    assert [] == requests.of_study(session, world.study_id, [])
