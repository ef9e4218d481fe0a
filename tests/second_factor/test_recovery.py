"""Codes on paper: each counts once, for its owner, however it is typed; new ones end the old."""

from datetime import UTC, datetime
from pathlib import Path

from app.identity import operator_factors, operators
from tests.support.tables import vault_tables

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_each_counts_once_for_its_owner_however_it_is_typed(tmp_path: Path) -> None:
    """Seen failing without used_at, and without the owner."""
    database = vault_tables(tmp_path)
    with database.write() as session:
        olga, oscar = (
            operators.add(session, login, login, "seven quiet herons", NOON).id for login in ("olga", "oscar")
        )
        kept = operator_factors.recovery_codes(session)
        codes = kept.renew(olga, NOON)
        assert (10, 10) == (len(set(codes)), kept.left(olga))
        assert not kept.use(oscar, codes[0], NOON)
        assert [True, False] == [kept.use(olga, codes[0].upper().replace("-", "  "), NOON) for _ in range(2)]
        assert 9 == kept.left(olga)
        assert not kept.use(olga, "\x00\ud800", NOON)
        kept.renew(olga, NOON)
        assert not kept.use(olga, codes[1], NOON)
    database.engine.dispose()
