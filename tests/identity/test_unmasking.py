"""Opening one identity: what only its rules hold, beside the pages of tests/web/vault/test_operators.py."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import erasure, operators, people, unmasking
from app.identity.models import Unmasking
from tests.support.people import NOON, alice

SOON = NOON + timedelta(minutes=1)
REASON = "The ward asks who that is."


@pytest.fixture
def asking(vault: Session) -> int:
    """The operator who asks; the next numbers are colleagues."""
    names = ("olga", "piet", "quin")
    first, *_colleagues = (operators.add(vault, name, name.title(), "a long password of hers", NOON) for name in names)
    return first.id


def asked(vault: Session, asking: int) -> tuple[str, str]:
    """Alice's account, and the key of a request about it."""
    account = people.pseudonym_of(vault, alice(vault), people.ACCOUNT)
    return account, unmasking.ask(vault, account, REASON, asking, NOON).key


def refused(code: str, *call: object) -> None:
    act, *words = call
    with pytest.raises(Refusal) as caught:
        act(*words)  # type: ignore[operator]
    assert code == caught.value.code


def seen_by_the_person(vault: Session, account: str) -> Sequence[Unmasking]:
    return unmasking.of_account(vault, account)


def test_the_first_reading_is_on_record_however_often_it_is_read(vault: Session, asking: int) -> None:
    """Seen failing with the last one kept: somebody who reads again would look as if nothing was read before."""
    _account, key = asked(vault, asking)
    unmasking.approve(vault, key, asking + 1, SOON)
    for minutes in (2, 9):
        unmasking.read(vault, key, asking, NOON + timedelta(minutes=minutes))
    found = unmasking.find(vault, key)
    assert found is not None
    assert NOON + timedelta(minutes=2) == found.read_at


def test_whoever_was_erased_meanwhile_is_not_read(vault: Session, asking: int) -> None:
    """A refusal, and no failure. Seen failing without the question."""
    account, key = asked(vault, asking)
    unmasking.approve(vault, key, asking + 1, SOON)
    erasure.erase(vault, people.person_for(vault, account), SOON, "operator:1")
    refused("not-open", unmasking.read, vault, key, asking, SOON)


def test_a_person_reads_of_openings_and_not_of_requests(vault: Session, asking: int) -> None:
    """Seen failing with every request shown."""
    account, key = asked(vault, asking)
    assert [] == list(seen_by_the_person(vault, account))
    unmasking.approve(vault, key, asking + 1, SOON)
    assert [key] == [one.key for one in seen_by_the_person(vault, account)]


def test_of_two_who_decide_at_the_same_instant_the_first_one_counts(vault: Session, asking: int) -> None:
    """What the second one has read is old by then. Seen failing with an UPDATE that asks for nothing."""
    _account, key = asked(vault, asking)
    read = unmasking.find(vault, key)
    assert read is not None
    assert unmasking.State.WAITING is unmasking.state(read, SOON)
    meanwhile = update(Unmasking).values(decided_by=asking + 2, refused_at=SOON)
    vault.execute(meanwhile.execution_options(synchronize_session=False))
    refused("already-decided", unmasking.approve, vault, key, asking + 1, SOON)
