"""A summary is published to a very large study: how long it takes to make a notice for everybody, batch by batch."""

import os
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import mean, median

from sqlalchemy import func, insert, select, text, update

from app.announcements.models import Post
from app.config import Config, embedded
from app.db import Database, Databases
from app.jobs import spread_news
from app.jobs.spread_news import BATCH
from app.notices import outbox
from app.notices.models import Notice
from app.participants.models import Participant
from tests.conftest import create_tables
from tests.participants.test_hint import fill
from tests.support import postgres
from tests.support.tables import connected
from tests.support.warm import LIBRARY
from tests.support.world import AT

PEOPLE = int(os.environ.get("WESHARE_BENCH_NEWS", "100000"))


def main() -> None:
    """This part alone."""
    server = postgres.start()
    try:
        with postgres.databases(server.url) as fresh:
            spread(fresh)
    finally:
        server.stop()


def spread(fresh: postgres.Fresh) -> None:
    """On PostgreSQL, beside plain inserts of as many rows in as many transactions."""
    databases, before = connected(fresh), _peak_mib()
    create_tables(databases)
    assert databases.study is not None
    _publish(databases.study)
    with tempfile.TemporaryDirectory() as folder:
        times = _times(databases, databases.study, embedded(Path(folder), "http://localhost"))
    growth, floor = _peak_mib() - before, _floor(databases.study)
    _check(databases.study)
    databases.close()
    tenth = max(1, len(times) // 10)
    slower = mean(times[-tenth:]) / mean(times[:tenth])
    print(f"A summary to {PEOPLE:,} participants, {BATCH} notices in a transaction: {sum(times):.1f} s")
    print(f"  {sum(times) / floor:.1f} times plain inserts of as many rows ({floor:.1f} s)")
    print(f"  a transaction takes {1000 * median(times):.0f} ms, at most {1000 * max(times):.0f} ms")
    print(f"  the last tenth took {slower:.2f} times as long as the first; {growth:.0f} MiB more memory")


def _publish(study: Database) -> None:
    with study.write() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # of these rows only what is told matters
        fill(session, PEOPLE)
        facts = {"key": "k", "study_id": 1, "kind": "summary", "created_by": 1, "saved_by": 1}
        session.add(Post(**facts, created_at=AT, saved_at=AT, published_at=AT))
        session.execute(text("ANALYZE"))
        session.commit()


def _times(databases: Databases, study: Database, config: Config) -> list[float]:
    times: list[float] = []
    while True:
        began = time.perf_counter()
        if not spread_news.is_full(spread_news.run(databases, config, LIBRARY, at=AT)):
            return times
        times.append(time.perf_counter() - began)
        _send_all(study)


def _send_all(study: Database) -> None:
    """What the senders do meanwhile: nothing waits any more when the next batch is made."""
    with study.write() as session:
        waiting = Notice.waits_until.is_not(None)
        session.execute(update(Notice).where(waiting).values(state=outbox.SENT, sent_at=AT, waits_until=None))
        looked = Participant.next_look_at <= AT
        session.execute(update(Participant).where(looked).values(next_look_at=AT + timedelta(days=90)))
        session.commit()


def _floor(study: Database) -> float:
    taken = 0.0
    with study.write() as session:
        for first in range(1, PEOPLE + 1, BATCH):
            rows = [
                {"participant_id": one, "about": "floor:1", "message_id": outbox.new_message_id(), "created_at": AT}
                | {"channel": "email", "step": "floor", "kind": "floor", "state": outbox.DUE, "waits_until": AT}
                for one in range(first, min(first + BATCH, PEOPLE + 1))
            ]
            began = time.perf_counter()
            session.execute(insert(Notice), rows)
            session.commit()
            taken += time.perf_counter() - began
    return taken


def _check(study: Database) -> None:
    """Somebody left out or told twice would be fast, too."""
    with study.read() as session:
        told = select(func.count(), func.count(Notice.participant_id.distinct())).where(Notice.kind == "results")
        assert (PEOPLE, PEOPLE) == tuple(session.execute(told).one())


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
