"""Inserting once: the second time is told so, and what was done before in the transaction stands."""

from pathlib import Path

from app import once
from app.accounts.models import Account, UsedAssertion
from tests.support.people import NOON, an_account
from tests.support.tables import study_tables


def test_the_second_insert_of_a_key_is_told_so_and_undoes_nothing_else(tmp_path: Path) -> None:
    """Seen failing without begin_nested: the IntegrityError left the whole transaction unusable."""
    database = study_tables(tmp_path)
    with database.write() as session:
        an_account(session, "alice")
        assert once.insert(session, UsedAssertion(identifier="one", expires_at=NOON))
        assert not once.insert(session, UsedAssertion(identifier="one", expires_at=NOON))
        an_account(session, "charlie")
        session.commit()
    with database.read() as session:
        assert session.get(UsedAssertion, "one") is not None
    database.engine.dispose()


def test_of_two_who_change_what_they_saw_only_the_first_does_and_both_see_it(tmp_path: Path) -> None:
    """Seen failing without the conditions, for every row at once, and with the object left as it was."""
    database = study_tables(tmp_path)
    with database.write() as session:
        alice = an_account(session, "alice", language=None)
        charlie = an_account(session, "charlie", language=None)
        unset = [Account.language.is_(None)]
        assert once.change(session, alice, unset, {"language": "fr"})
        assert not once.change(session, alice, unset, {"language": "en"})
        assert "fr" == alice.language
        session.refresh(charlie)
        assert charlie.language is None
        assert once.change(session, charlie, unset, {"language": "en"})
        assert ("fr", "en") == (alice.language, charlie.language)
        session.commit()
    database.engine.dispose()
