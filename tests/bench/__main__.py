"""``python -m tests.bench``: the whole questionnaire over HTTP, beside the bare floor, on SQLite and on PostgreSQL.

The two programs run under the same gunicorn settings and take turns in short rounds, so that whatever else the machine
does meets both. Sign-in is not part of it. Every journey is looked for in the database afterwards.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from app.config import ROOT
from app.db import engine_for
from app.questionnaires.library import load
from app.responses.models import Answer, Submission, SubmissionScore
from tests.bench import database, floor, parts
from tests.bench.database import Engine
from tests.bench.journey import PAGE, SAVE, STEP, Traveller, requests_of
from tests.bench.program import Program, Tally
from tests.support import production, server
from tests.support.production import Site

INSTRUMENT = "weshare-core@1.0"
ENGINES = {"sqlite": database.sqlite, "postgresql": database.postgresql}
CLIENTS = (1, 4, 16)
ROUNDS, ROUND_S, WARM_UP_S = 3, 3.0, 1.0
MEMBERS = 1200
KEPT = (Submission, Answer, SubmissionScore)


def main() -> None:
    """Everything, in less than four minutes."""
    library = load(ROOT / "instruments")
    instrument = library.instrument(INSTRUMENT)
    pages = [[str(item) for item in page.items] for page in instrument.pages]
    print(f"A journey: {requests_of(pages)} requests, {len(instrument.order)} answers saved one by one, scored, sent.")
    print(f"gunicorn, {server.WORKERS} workers of {server.THREADS} threads, {os.cpu_count()} processors\n")
    for name in os.environ.get("ENGINES", ",".join(ENGINES)).split(","):
        with tempfile.TemporaryDirectory(prefix="weshare-bench-") as folder:
            compare(name, Path(folder), pages, len(instrument.scales))
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as folder:
        full, empty = parts.rendering(Path(folder), INSTRUMENT)
    print(f"Scoring one person, {len(instrument.scales)} scales: {parts.scoring(instrument):.2f} ms")
    print(f"Rendering {len(instrument.order)} questions: {full:.1f} ms, {full / empty:.1f} times an empty page")


def compare(name: str, folder: Path, pages: list[list[str]], scales: int) -> None:
    """The two programs on one database engine, with few and with many clients."""
    with ExitStack() as stack:
        engine = stack.enter_context(ENGINES[name](folder))
        ours, site = _application(stack, engine, folder)
        bare = _floor(stack, engine, folder)
        for program in (ours, bare):
            program.drive(4, WARM_UP_S, pages, Tally())
        print(
            f"{engine.name:12} clients journeys/s   CPU ms   page p50   p95   save p50   p95   step p50   p95   ratio"
        )
        for clients in CLIENTS:
            tallies = {program.name: Tally() for program in (ours, bare)}
            for _ in range(ROUNDS):
                for program in (ours, bare):
                    program.drive(clients, ROUND_S, pages, tallies[program.name])
            _print_row(ours.name, clients, tallies, pages)
            _print_row(bare.name, clients, tallies, pages)
        _check(site, ours.sent, pages, scales)
    print()


def _application(stack: ExitStack, engine: Engine, folder: Path) -> tuple[Program, Site]:
    site = stack.enter_context(production.running(engine.fresh, folder))
    travellers = [Traveller(one.visit_url, one.cookie, one.token) for one in site.crowd(MEMBERS)]
    return Program("WeShare", site.server, engine, travellers), site


def _floor(stack: ExitStack, engine: Engine, folder: Path) -> Program:
    url = engine.fresh("floor")
    made = engine_for(url)
    floor.Base.metadata.create_all(made)
    made.dispose()
    settings = {"FLOOR_DATABASE": url}
    serving = stack.enter_context(server.serving(server.listening(), settings, folder, "tests.bench.floor:app"))
    return Program("bare floor", serving, engine, [Traveller("/visits/any", "weshare=x", "token")] * 20_000)


def _print_row(name: str, clients: int, tallies: dict[str, Tally], pages: list[list[str]]) -> None:
    mine, bare = tallies[name], tallies["bare floor"]
    cells = [f"{mine.milliseconds(kind, percent):8.1f}" for kind in (PAGE, SAVE, STEP) for percent in (50, 95)]
    rate = mine.journeys(pages)
    ratio = rate / bare.journeys(pages)
    print(f"  {name:10} {clients:7} {rate:10.2f} {mine.cpu_a_journey():8.0f} {' '.join(cells)} {ratio:7.2f}")


def _check(site: Site, sent: int, pages: list[list[str]], scales: int) -> None:
    """A journey that is not wholly in the database was not one."""
    items = sum(len(page) for page in pages)
    with site.study.read() as session:
        found = [session.scalar(select(func.count()).select_from(kept)) for kept in KEPT]
    assert found == [sent, sent * items, sent * scales], f"{found} rows for {sent} journeys"
    print(f"  all {sent} journeys are in the database: {found[1]} answers, {found[2]} scores")


if __name__ == "__main__":
    main()
