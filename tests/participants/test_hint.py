"""A tick reads the hints by their index and nothing else, however many participants there are."""

import pytest
from sqlalchemy import text

from tests.support import tables
from tests.support.world import AT

MANY = 20_000
TICK = "SELECT id FROM participant WHERE next_look_at <= :at ORDER BY next_look_at LIMIT 200"


@pytest.mark.postgres
def test_a_tick_with_nothing_due_reads_only_an_index(postgres_url: str):
    """Seen failing without the index: a sequential scan."""
    with tables.databases(postgres_url) as ready:
        databases = tables.connected(ready)
        assert databases.study is not None
        with databases.study.write() as session:
            session.execute(text("SET session_replication_role = replica"))  # of these rows only the hint matters
            fill(session, MANY)
            session.commit()
        with databases.study.read() as session:
            session.execute(text("ANALYZE participant"))
            plan = "\n".join(session.scalars(text(f"EXPLAIN (ANALYZE, BUFFERS) {TICK}"), {"at": AT}))
        databases.close()
    assert "ix_participant_next_look_at" in plan
    assert "Seq Scan" not in plan


def fill(session, number: int) -> None:  # type: ignore[no-untyped-def]
    """That many participants whose next look is tomorrow or later."""
    session.execute(
        text(
            "INSERT INTO participant (pseudonym, account_pseudonym, study_id, site_id, protocol_version_id,"
            " subject_code, language, time_zone, enrolled_at, moves, pauses, next_look_at)"
            " SELECT 'p' || n, 'a' || n, 1, 1, 1, 's' || n, 'fr', 'Europe/Paris', :at, '[]', '[]',"
            " CAST(:at AS timestamptz) + n * interval '1 minute' FROM generate_series(1, :many) AS n"
        ),
        {"at": AT, "many": number},
    )
