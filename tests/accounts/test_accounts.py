"""What a person prefers stays with the account."""

import pytest
from sqlalchemy.orm import Session

from app.accounts import accounts
from app.errors import Refusal
from tests.support.people import an_account


def test_language_and_layout_are_kept(study: Session) -> None:
    account = an_account(study)
    accounts.set_language(study, "alice", "en")
    accounts.set_layout(study, "alice", "item")
    assert (account.language, account.layout) == ("en", "item")
    accounts.set_layout(study, "alice", None)
    assert account.layout is None


def test_what_is_not_offered_is_refused_and_changes_nothing(study: Session) -> None:
    account = an_account(study)
    with pytest.raises(Refusal, match="unknown-language"):
        accounts.set_language(study, "alice", "xx")
    with pytest.raises(Refusal, match="unknown-layout"):
        accounts.set_layout(study, "alice", "sideways")
    assert (account.language, account.layout) == ("fr", None)
