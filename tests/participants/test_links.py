"""A link in a reminder opens one visit until it is answered or its time is over, and looking at it changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import links
from app.participants.models import AccessLink, OccasionRecord
from tests.support.people import NOON, an_account, an_occasion

WEEK = timedelta(days=7)


@pytest.fixture
def occasion(study: Session) -> OccasionRecord:
    """A visit of Alice's."""
    return an_occasion(study, an_account(study))


def code_of_refusal(study: Session, token: str, after: timedelta = timedelta()) -> str:
    with pytest.raises(Refusal) as refused:
        links.find(study, token, NOON + after)
    return refused.value.code


def test_a_link_opens_its_visit_as_often_as_needed_until_its_time_is_over(
    study: Session, occasion: OccasionRecord
) -> None:
    """Seen failing without the comparison with expires_at."""
    token = links.mint(study, occasion.id, NOON, NOON + WEEK)
    for after in (timedelta(), WEEK - timedelta(seconds=1)):
        opened = links.find(study, token, NOON + after)
        assert opened.occasion is occasion
        assert opened.participant.account_pseudonym == "alice"
    assert code_of_refusal(study, token, WEEK) == "link-expired"


def test_looking_at_a_link_changes_nothing(study: Session, occasion: OccasionRecord) -> None:
    token = links.mint(study, occasion.id, NOON, NOON + WEEK)
    study.commit()
    links.find(study, token, NOON)
    assert not study.dirty
    assert not study.new


def test_a_link_is_dead_once_its_visit_was_sent(study: Session, occasion: OccasionRecord) -> None:
    """Seen failing without the look at submitted_at; said even when the link is also past its time."""
    token = links.mint(study, occasion.id, NOON, NOON + WEEK)
    occasion.submitted_at = NOON
    assert code_of_refusal(study, token) == "link-already-answered"
    assert code_of_refusal(study, token, 2 * WEEK) == "link-already-answered"


def test_a_link_is_dead_once_the_participant_has_left_the_study(study: Session, occasion: OccasionRecord) -> None:
    """Seen failing without the look at withdrawn_at."""
    token = links.mint(study, occasion.id, NOON, NOON + WEEK)
    links.find(study, token, NOON).participant.withdrawn_at = NOON
    assert code_of_refusal(study, token) == "link-left"


@pytest.mark.parametrize("guess", ["", "x", "x" * 32, "\x00", "é" * 400])
def test_a_guess_opens_nothing(study: Session, occasion: OccasionRecord, guess: str) -> None:
    links.mint(study, occasion.id, NOON, NOON + WEEK)
    assert code_of_refusal(study, guess) == "link-unknown"


def test_a_token_has_192_random_bits_and_only_its_hash_is_kept(study: Session, occasion: OccasionRecord) -> None:
    """Seen failing with the token stored as it is."""
    tokens = {links.mint(study, occasion.id, NOON, NOON + WEEK) for _ in range(5)}
    kept = {link.token_hash for link in study.scalars(select(AccessLink))}
    assert len(tokens) == len(kept) == 5
    assert {len(token) for token in tokens} == {32}
    assert not tokens & kept
