"""The study side believes the vault once, for its minute, for itself, and in the browser that asked; nobody else ever.

Whatever is wrong, the person is told the same: the code is always sign-in-expired.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import assertions
from app.accounts.models import Account, UsedAssertion
from app.db import Databases
from app.errors import Refusal
from app.identity.assertions import ALGORITHM, ISSUER, issue
from tests.support.keys import PRIVATE_KEY, PUBLIC_KEY, STRANGERS_PRIVATE_KEY
from tests.support.people import NOON

HERE = "https://study.example"
STATE = "the state of this browser"


def a_token(at: datetime = NOON, audience: str = HERE, state: str = STATE, key: str = PRIVATE_KEY) -> str:
    return issue(key, "alice", audience, state, at)


def accept(study: Session, token: str, at: datetime = NOON, state: str = STATE) -> Account:
    return assertions.accept(study, token, PUBLIC_KEY, HERE, state, at).account


def reason_of_refusal(study: Session, token: str, at: datetime = NOON, state: str = STATE) -> object:
    with pytest.raises(Refusal) as refused:
        accept(study, token, at, state)
    assert refused.value.code == "sign-in-expired"
    assert study.scalar(select(func.count()).select_from(Account)) == 0
    return refused.value.facts["reason"]


def changed(**claims: Any) -> str:
    """A token rightly signed whose claims are not what the vault would say; None takes a claim out."""
    right = jwt.decode(a_token(), options={"verify_signature": False})
    kept = {name: value for name, value in {**right, **claims}.items() if value is not None}
    return jwt.encode(kept, PRIVATE_KEY, algorithm=ALGORITHM)


def test_both_sides_speak_of_the_same_issuer_and_algorithm() -> None:
    assert (assertions.ISSUER, assertions.ALGORITHM) == (ISSUER, ALGORITHM)


def test_a_first_assertion_makes_the_account_whose_language_nobody_has_chosen(study: Session) -> None:
    account = accept(study, a_token())
    assert (account.pseudonym, account.language, account.created_at) == ("alice", None, NOON)


def test_a_later_assertion_finds_the_account_as_the_person_left_it(study: Session) -> None:
    first = accept(study, a_token())
    first.language = "fr"
    again = accept(study, a_token())
    assert again is first
    assert again.language == "fr"


def test_an_assertion_is_refused_the_second_time(study: Session) -> None:
    """Seen failing without the insert into used_assertion."""
    token = a_token()
    accept(study, token)
    with pytest.raises(Refusal) as refused:
        accept(study, token)
    assert (refused.value.code, refused.value.facts["reason"]) == ("sign-in-expired", "used")
    assert study.scalar(select(func.count()).select_from(UsedAssertion)) == 1


def test_of_many_at_the_same_instant_exactly_one_is_signed_in(empty_databases: Databases) -> None:
    """Seen failing with a look for the identifier in place of the insert (on PostgreSQL, where readers do not wait)."""
    token = a_token()

    def one(_n: int) -> str:
        with empty_databases.study.write() as session:
            try:
                accept(session, token)
            except Refusal as refused:
                return refused.code
            session.commit()
            return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(one, range(16)))
    assert outcomes == ["in"] + ["sign-in-expired"] * 15
    with empty_databases.study.read() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_an_assertion_lives_for_a_minute_of_the_time_that_is_given(study: Session) -> None:
    """Seen failing without _check_time (the library's own check of the clock is off)."""
    assert reason_of_refusal(study, a_token(), at=NOON + timedelta(seconds=60)) == "time"
    accept(study, a_token(), at=NOON + timedelta(seconds=59))


def test_an_assertion_from_the_future_is_refused_beyond_what_two_clocks_may_differ(study: Session) -> None:
    """Seen failing with `at < expires` alone."""
    assert reason_of_refusal(study, a_token(at=NOON + timedelta(seconds=11))) == "time"
    accept(study, a_token(at=NOON + timedelta(seconds=9)))


def test_a_stranger_cannot_sign_for_the_vault(study: Session) -> None:
    """Seen failing with verify_signature switched off."""
    assert reason_of_refusal(study, a_token(key=STRANGERS_PRIVATE_KEY)) == "InvalidSignatureError"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_no_other_algorithm_is_accepted(study: Session, algorithm: str) -> None:
    """Seen failing with the algorithm taken from the token's own header."""
    claims = jwt.decode(a_token(), options={"verify_signature": False})
    key = "a shared secret that is long enough" if algorithm == "HS256" else ""
    forged = jwt.encode(claims, key or None, algorithm=algorithm)
    assert reason_of_refusal(study, forged) == "InvalidAlgorithmError"


def test_an_assertion_for_somewhere_else_is_refused(study: Session) -> None:
    """Seen failing with verify_aud switched off."""
    assert reason_of_refusal(study, a_token(audience="https://other.example")) == "InvalidAudienceError"


def test_an_assertion_of_another_issuer_is_refused(study: Session) -> None:
    """Seen failing without `issuer=`."""
    assert reason_of_refusal(study, changed(iss="somebody")) == "InvalidIssuerError"


def test_an_assertion_for_another_browsers_sign_in_is_refused(study: Session) -> None:
    """Seen failing without the comparison of states: a stranger's link would sign Alice in as the stranger."""
    assert reason_of_refusal(study, a_token(state="another browser's")) == "state"


def test_a_browser_that_never_asked_is_refused(study: Session) -> None:
    """Seen failing without `not expected_state`: an empty state on both sides was equal."""
    assert reason_of_refusal(study, a_token(state=""), state="") == "state"


@pytest.mark.parametrize("claim", assertions.CLAIMS)
def test_an_assertion_that_leaves_something_out_is_refused(study: Session, claim: str) -> None:
    """Seen failing without `require`."""
    assert reason_of_refusal(study, changed(**{claim: None})) == "MissingRequiredClaimError"


@pytest.mark.parametrize("nonsense", ["", "x", "a.b.c", "é.é.é", "\x00", "." * 5_000])
def test_nonsense_is_refused_not_crashed_on(study: Session, nonsense: str) -> None:
    assert reason_of_refusal(study, nonsense) == "DecodeError"


@pytest.mark.parametrize("instant", ["soon", "nan", "1e400", [], -1e300])
def test_an_instant_that_is_none_is_refused_not_crashed_on(study: Session, instant: object) -> None:
    assert reason_of_refusal(study, changed(exp=instant)) in ("time", "DecodeError")
