"""Proving a chain: what its order and its end say."""

from sqlalchemy import text

from app.chain.links import STREAMS, genesis, link
from app.chain.verify import verify_rows
from app.db import Database
from tests.chain.conftest import heads_of, write
from tests.promises.test_s13_tampering_shows import as_superuser, breaks

SUBJECT = "participant:one"


def test_entries_that_changed_places_are_named(study: Database) -> None:
    """By the order in which they lie there. Seen failing with a verifier that puts them in order itself."""
    write(study, 4)
    with as_superuser(study) as connection:
        for change in ("id = -id WHERE number IN (2, 3)", "id = 5 - (-id) WHERE id < 0"):
            connection.execute(text(f"UPDATE audit_entry SET {change}"))  # noqa: S608 -- a table of ours
        assert [2] == [number for _stream, number in breaks(connection)]


def test_a_single_entry_missing_at_the_end_is_seen(study: Database) -> None:
    """By a head that was kept elsewhere. Seen failing with one entry let pass."""
    write(study, 3)
    kept = {stream: [head] for stream, head in heads_of(study).items()}
    with as_superuser(study) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE number = 3"))
        assert [] == breaks(connection)
        assert [3] == [number for _stream, number in breaks(connection, kept)]


def test_an_entry_of_a_stream_that_there_is_not_was_inserted() -> None:
    """Even where its hash is right. Seen failing without the question."""
    content = (1, "t", "a", "b", SUBJECT, "{}", None)
    row = (STREAMS, *content, link(genesis("audit_entry", STREAMS).hash, content))
    (found,) = verify_rows("audit_entry", [row], {}).breaks
    assert "there is no such stream" in found.what
