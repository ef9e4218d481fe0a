"""Believing the study side within the ticket's time; the pages that need tickets are tested in tests/web/vault."""

from contextlib import nullcontext
from datetime import timedelta

import jwt
import pytest

from app.accounts import tickets as study_side
from app.errors import Refusal
from app.identity import tickets
from app.signing_keys import public_key_of
from tests.support.keys import PRIVATE_KEY
from tests.support.people import NOON

VAULT = "https://vault.example"
SKEW = tickets.CLOCK_SKEW
TICK = timedelta(seconds=1)


def test_a_ticket_from_the_future_is_believed_as_far_as_clocks_differ() -> None:
    """Whole seconds are written in it. Seen failing with any future believed, and with none."""
    token = study_side.issue(PRIVATE_KEY, tickets.ENROLMENT, "k" * 22, {"study": "HORIZON"}, VAULT, NOON)
    public = public_key_of(PRIVATE_KEY)
    assert "HORIZON" == tickets.read(token, public, tickets.ENROLMENT, VAULT, NOON - SKEW).facts["study"]
    with pytest.raises(Refusal) as refused:
        tickets.read(token, public, tickets.ENROLMENT, VAULT, NOON - SKEW - TICK)
    assert "ticket-expired" == refused.value.code


def test_a_ticket_of_anything_else_that_has_the_key_is_not_believed() -> None:
    """Seen failing with any issuer."""
    claims = {"iss": "another", "aud": f"{VAULT}#{tickets.ENROLMENT}", "jti": "k", "iat": NOON, "exp": NOON + SKEW}
    for issuer, is_believed in ((tickets.ISSUER, True), ("another", False)):
        token = jwt.encode({**claims, "iss": issuer}, PRIVATE_KEY, algorithm=tickets.ALGORITHM)
        with nullcontext() if is_believed else pytest.raises(Refusal, match="ticket-expired"):
            tickets.read(token, public_key_of(PRIVATE_KEY), tickets.ENROLMENT, VAULT, NOON)
