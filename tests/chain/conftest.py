"""A chain with some entries, on each engine."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from app.audit import trail
from app.chain import anchors
from app.chain.links import Head
from app.chain.verify import Verified, verify
from app.db import Database, Databases
from tests.support.people import NOON


def write(database: Database, count: int, subject: str = "participant:one") -> None:
    """So many entries, each in a transaction of its own; those about one subject are in one stream."""
    for number in range(count):
        with database.write() as session:
            at = NOON + timedelta(seconds=number)
            trail.record(session, at, "staff:1", "event.dated", subject, {"number": number, "é": "ç"}, f"r-{number}")
            session.commit()


def proved(database: Database, kept: Mapping[int, Sequence[Head]] | None = None) -> Verified:
    """What the verifier says of the trail."""
    with database.engine.connect() as connection:
        return verify(connection, "audit_entry", kept)


def heads_of(database: Database) -> dict[int, Head]:
    """Where its streams end."""
    with database.engine.connect() as connection:
        return anchors.heads(connection, "audit_entry")


@pytest.fixture
def study(empty_databases: Databases) -> Database:
    """An empty study side."""
    assert empty_databases.study is not None
    return empty_databases.study
