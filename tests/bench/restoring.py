"""Restoring six million answers on PostgreSQL, beside pg_dump and pg_restore alone; and proving a long record."""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, insert, text

from app.audit.models import AuditEntry
from app.backup import postgres_dumps, restore, take
from app.backup.postgres_dumps import TOOLS
from app.chain import anchors, links
from app.chain.entry import written
from app.chain.links import Head
from app.chain.verify import verify
from app.cli.migrate import upgrade
from app.cli.restore import newest_key_store
from app.config import Config
from app.db import Database, connect, engine_for, table
from tests.bench import database
from tests.support import postgres, safekeeping

SEALED = bytes(range(32))
PEOPLE, VISITS, ITEMS, ENTRIES = 10_000, 20, 30, 600_000
FILL = (
    "INSERT INTO account (pseudonym, created_at) SELECT 'acc-b' || p, :at FROM generate_series(1, :people) p",
    "INSERT INTO participant (pseudonym, account_pseudonym, study_id, site_id, protocol_version_id, subject_code,"
    " language, time_zone, enrolled_at) SELECT 'par-b' || p, 'acc-b' || p, study.id, min(site.id), min(version.id),"
    " 'B-' || p, 'fr', 'Europe/Paris', :at FROM generate_series(1, :people) p, study"
    " JOIN site ON site.study_id = study.id JOIN protocol_version version ON version.study_id = study.id"
    " WHERE study.code = 'HORIZON' GROUP BY p, study.id",
    "INSERT INTO occasion (key, participant_id, visit_key, iteration, made_available_at, submitted_at)"
    " SELECT md5(id || '-' || v), id, 'M' || v, 1, :at, :at"
    " FROM participant, generate_series(1, :visits) v WHERE subject_code LIKE 'B-%'",
    "INSERT INTO answer_sheet (key, occasion_id, instrument, language, started_at)"
    " SELECT md5('sheet-' || o.id), o.id, 'weshare-core-1.0', 'fr', :at FROM occasion o WHERE visit_key LIKE 'M%'",
    "INSERT INTO answer (sheet_id, item, revision, seen, value, declined, request_id, saved_at, language)"
    " SELECT s.id, 'q' || i, 1, 0, (s.id * i) % 5, false, md5(s.id || '-' || i), :at, 'fr'"
    " FROM answer_sheet s, generate_series(1, :items) i",
)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timed(Generic[Result]):
    """What came of something, and how many seconds it took."""

    result: Result
    seconds: float


def main() -> None:
    """Fill, back up, restore elsewhere, verify; each beside its floor."""
    at = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as name, database.postgresql(Path(name)) as engine:
        folder = Path(name)
        os.environ[TOOLS] = str(postgres.tools())
        config = replace(safekeeping.place(folder / "here", engine.fresh), backup_key=SEALED)
        databases = safekeeping.lived_in(config)
        study = databases.study
        assert isinstance(study, Database)
        _fill(study, at)
        print(f"Restoring {PEOPLE * VISITS * ITEMS:,} answers and {ENTRIES:,} entries of the record, on PostgreSQL:")
        plain = folder / "plain.pgdump"
        dumped = _timed("pg_dump alone", lambda: postgres_dumps.dump(study.engine, plain, (), lambda _connection: None))
        taken = _timed("weshare backup, sealed", lambda: take.take(config, databases, folder / "backups", at))
        floor = engine_for(engine.fresh("floor"))
        loaded = _timed("pg_restore alone", lambda: postgres_dumps.load(floor, plain))
        elsewhere = replace(safekeeping.place(folder / "elsewhere", engine.fresh), backup_key=SEALED)
        done = _timed("weshare restore, with its proofs", lambda: _restore(taken.result[0], elsewhere))
        backed_up, put_back = taken.seconds / dumped.seconds, done.seconds / loaded.seconds
        print(f"  backup {backed_up:.2f} times its floor, restore {put_back:.2f} times")
        print(f"  rows {done.result.rows}, chained entries {done.result.entries}")
        _verify(study.engine)
        databases.close()


def _restore(backup: Path, config: Config) -> restore.Restored:
    databases = connect(config)
    try:
        return restore.restore(config, databases, backup, newest_key_store(backup), upgrade)
    finally:
        databases.close()


def _verify(engine: Engine) -> None:
    with engine.connect() as connection:
        proof = _timed("the record verified", lambda: verify(connection, "audit_entry"))
    assert not proof.result.breaks
    print(f"  {proof.result.entries / proof.seconds:,.0f} entries a second")


def _timed(name: str, work: Callable[[], Result]) -> Timed[Result]:
    began = time.perf_counter()
    result = work()
    timed = Timed(result, time.perf_counter() - began)
    print(f"  {name:34} {timed.seconds:6.1f} s", flush=True)
    return timed


def _fill(study: Database, at: datetime) -> None:
    facts = {"at": at, "people": PEOPLE, "visits": VISITS, "items": ITEMS}
    with study.write() as session:
        for statement in FILL:
            session.execute(text(statement), {name: facts[name] for name in facts if f":{name}" in statement})
        _lengthen(session.connection(), at)
        session.commit()


def _lengthen(connection: Connection, at: datetime) -> None:
    """Many entries that follow from each other, in all streams."""
    ends = anchors.heads(connection, "audit_entry")
    rows: list[dict[str, object]] = []
    for number in range(ENTRIES):
        stream = number % links.STREAMS
        before = ends.get(stream) or links.genesis("audit_entry", stream)
        act = {"actor": "participant:1", "action": "answers.saved", "subject": f"occasion:{number}"}
        facts, instant = {"items": 1}, at + timedelta(milliseconds=number)
        content = (before.number + 1, links.instant(instant), *act.values(), written(facts), None)
        ends[stream] = Head(before.number + 1, links.link(before.hash, content))
        rows.append(
            {
                **act,
                "stream": stream,
                "number": before.number + 1,
                "at": instant,
                "facts": facts,
                "request_id": None,
                "hash": ends[stream].hash,
            }
        )
    connection.execute(insert(table(AuditEntry)), rows)


if __name__ == "__main__":
    main()
