"""Inserting once: the second time is told so, and what was done before in the transaction stands."""

from pathlib import Path

from app import once
from app.accounts.models import UsedAssertion
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
