"""Many messages fall due at the same hour while patients answer: what that does to the saving of an answer."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from app.config import ROOT
from app.notices import outbox
from app.notices.models import Notice
from tests.bench import database
from tests.bench.journey import SAVE, Traveller
from tests.bench.program import Program, Tally
from tests.jobs.conftest import PostOffice
from tests.jobs.test_send_notices import add_people
from tests.support import mail_server, production, server
from tests.support import world as worlds
from tests.support.mail_server import Post
from tests.support.production import Site
from tests.support.warm import LIBRARY

DUE = int(os.environ.get("WESHARE_BENCH_STORM", "5000"))
PROMISED = 50_000
CLIENTS = (1, 4)
"""One patient at a time, and as many as keep the machine busy by themselves."""
SECONDS, ROUNDS, MEMBERS = 5.0, 2, 600
PROCESSES = 2
PER_MINUTE = 1200
"""In each process, as the guide for operators advises where patients answer on the same machine."""


def main() -> None:
    """Patients answer on a quiet machine, then while two job processes send; promised is less than twice as slow."""
    instrument = LIBRARY.instrument("weshare-core@1.0")
    pages = [[str(item) for item in page.items] for page in instrument.pages]
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as name, ExitStack() as stack:
        folder, post = Path(name), Post()
        engine = stack.enter_context(database.postgresql(folder))
        mail = stack.enter_context(mail_server.running(post))
        site = stack.enter_context(production.running(engine.fresh, folder))
        travellers = [Traveller(one.visit_url, one.cookie, one.token) for one in site.crowd(MEMBERS)]
        program = Program("WeShare", site.server, engine, travellers)
        add_people(PostOffice(worlds.find(site.config, site.databases), LIBRARY), DUE, datetime.now(UTC))
        program.drive(max(CLIENTS), 1.0, pages, Tally())
        quiet = {clients: _driven(program, pages, clients) for clients in CLIENTS}
        environment = server.settings_for(site.databases, site.server.port) | {
            "WESHARE_SMTP_URL": f"smtp://{mail.host}:{mail.port}",
            "WESHARE_MAIL_SENDER": mail.sender,
            "WESHARE_MAIL_PER_MINUTE": str(PER_MINUTE),
        }
        command = [sys.executable, "-m", "app.cli.main", "jobs", "clock"]
        ours = {**os.environ, **environment}
        with (folder / "jobs.log").open("wb") as log:
            jobs = [subprocess.Popen(command, cwd=ROOT, env=ours, stdout=log, stderr=log) for _ in range(PROCESSES)]
        try:
            while not post.taken:
                time.sleep(0.05)
            before, began = _sent(site), time.monotonic()
            stormy = {clients: _driven(program, pages, clients) for clients in CLIENTS}
            rate = (_sent(site) - before) / (time.monotonic() - began)
        finally:
            for process in jobs:
                process.terminate()
            for process in jobs:
                process.wait(60)
    print(f"{DUE:,} messages due at once, {PROCESSES} job processes, PostgreSQL; saves while patients answer:")
    for clients in CLIENTS:
        before_ms, now_ms = quiet[clients].milliseconds(SAVE, 95), stormy[clients].milliseconds(SAVE, 95)
        print(f"  {clients} at once: p95 {now_ms:.1f} ms, {now_ms / before_ms:.2f} times as long ({before_ms:.1f} ms)")
    print(f"  meanwhile {rate:.0f} messages left a second: {PROMISED:,} in {PROMISED / rate / 60:.0f} minutes")


def _driven(program: Program, pages: list[list[str]], clients: int) -> Tally:
    tally = Tally()
    for _ in range(ROUNDS):
        program.drive(clients, SECONDS, pages, tally)
    return tally


def _sent(site: Site) -> int:
    with site.study.read() as session:
        return session.scalar(select(func.count()).where(Notice.state == outbox.SENT)) or 0


if __name__ == "__main__":
    main()
