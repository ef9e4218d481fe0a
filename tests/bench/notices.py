"""A tick with nothing due over a million participants, many due messages handed to a mail server, a summary for all."""

import os
import re
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from app.accounts import accounts
from app.config import embedded
from app.jobs import send_notices
from tests.bench import news
from tests.conftest import create_tables
from tests.jobs.conftest import PostOffice, into_the_vault
from tests.jobs.test_send_notices import add_people
from tests.participants.test_hint import TICK, fill
from tests.support import mail_server, postgres, senders
from tests.support import world as worlds
from tests.support.mail_server import Post
from tests.support.tables import connected
from tests.support.warm import LIBRARY
from tests.support.world import AT

PARTICIPANTS = 1_000_000
MESSAGES = int(os.environ.get("WESHARE_BENCH_MESSAGES", "10000"))
PROCESSES = os.cpu_count() or 1
LINES = 2
LANGUAGE = re.compile(rb"Content-Language: (\w+)")


@dataclass
class Counter(Post):
    """A server that only counts: what it does with a message is not what is measured."""

    count: int = 0
    people: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        """Take the content, and look who it is for and in which language."""
        self.count += 1
        self.people.update(envelope.rcpt_tos)
        language = LANGUAGE.search(envelope.content)
        assert language is not None
        self.languages.add(language[1].decode())
        return "250 OK"


def main() -> None:
    """On PostgreSQL; promised are under 100 ms, and under 60 s on two processors."""
    server = postgres.start()
    try:
        with postgres.databases(server.url) as fresh:
            _tick(fresh)
        with postgres.databases(server.url) as fresh:
            _send(fresh)
        with postgres.databases(server.url) as fresh:
            news.spread(fresh)
    finally:
        server.stop()


def _tick(fresh: postgres.Fresh) -> None:
    databases = connected(fresh)
    create_tables(databases)
    assert databases.study is not None
    with databases.study.write() as session:
        session.execute(text("SET session_replication_role = replica"))
        fill(session, PARTICIPANTS)
        session.commit()
    with databases.study.read() as session:
        session.execute(text("ANALYZE participant"))
        session.execute(text(TICK), {"at": AT})
        began = time.perf_counter()
        session.execute(text(TICK), {"at": AT}).all()
        took = time.perf_counter() - began
        plan = "\n".join(session.scalars(text(f"EXPLAIN (ANALYZE, BUFFERS) {TICK}"), {"at": AT}))
    databases.close()
    scan = re.search(r"Index(?: Only)? Scan using \w+", plan)
    pages = re.search(r"Buffers: .*", plan)
    print(f"A tick with nothing due over {PARTICIPANTS:,} participants: {1000 * took:.1f} ms")
    print(f"  {scan[0] if scan else plan}; {pages[0] if pages else ''}")


def _send(fresh: postgres.Fresh) -> None:
    post = Counter()
    with tempfile.TemporaryDirectory() as folder, mail_server.running(post) as mail:
        urls = {name: fresh(name) for name in ("study", "vault", "warehouse")}
        databases = connected(urls.__getitem__)
        create_tables(databases)
        world = worlds.build(replace(embedded(Path(folder), "http://localhost"), mail=mail), databases)
        with world.vault() as session:
            for name in worlds.ACCOUNTS:
                into_the_vault(session, name)
            session.commit()
        add_people(PostOffice(world, LIBRARY), MESSAGES - len(worlds.ACCOUNTS))
        with world.study() as session:
            for number in range(0, MESSAGES - len(worlds.ACCOUNTS), 2):
                accounts.set_language(session, f"acc-person{number}", "en")
            session.commit()
        began = time.monotonic()
        for process in [
            senders.begin(urls, world.config, AT, LINES, send_notices.BATCH) for _number in range(PROCESSES)
        ]:
            process.join()
        took = time.monotonic() - began
        databases.close()
    print(f"{post.count:,} messages to {len(post.people):,} people in {sorted(post.languages)}: {took:.1f} s")
    print(f"  {post.count / took:.0f} a second by {PROCESSES} processes")


if __name__ == "__main__":
    main()
