"""``python -m tests.bench``: whole questionnaires over HTTP beside a bare floor, on both databases; scoring, timeline.

The two programs run under the same gunicorn settings and take turns in short rounds, so that whatever else the machine
does meets both. Sign-in is not part of it. Every journey is looked for in the database afterwards. A page is shown, a
save stores one answer, a step is a form that leads on. Both ratios are to the floor: of journeys a second, which the
disk and whatever else the machine does have a part in, and of processor time, which is steadier.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from app.config import ROOT
from app.db import engine_for
from app.questionnaires.library import load
from app.responses.models import Answer, Submission, SubmissionScore
from tests.bench import database, floor, overview, parts, scores, timeline
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
HEADINGS = "clients  journeys/s  ratio   CPU ms  ratio   page p50     p95 save p50     p95 step p50     p95"
KEPT = (Submission, Answer, SubmissionScore)


def main() -> None:
    """Everything, in about four minutes."""
    library = load(ROOT / "instruments")
    instrument = library.instrument(INSTRUMENT)
    pages = [[str(item) for item in page.items] for page in instrument.pages]
    print(f"A journey: {requests_of(pages)} requests, {len(instrument.order)} answers saved one by one, scored, sent.")
    print(f"gunicorn, {server.WORKERS} workers of {server.THREADS} threads, {os.cpu_count()} processors\n")
    for name in _wanted():
        with tempfile.TemporaryDirectory(prefix="weshare-bench-") as folder:
            compare(name, Path(folder), pages, len(instrument.scales))
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as folder:
        first, again, empty = parts.rendering(Path(folder), INSTRUMENT)
    print(f"Scoring one person, {len(instrument.scales)} scales: {parts.scoring(instrument):.2f} ms")
    print(
        f"Rendering {len(instrument.order)} questions: {again:.1f} ms, {again / empty:.1f} times an empty page"
        f" ({first:.1f} ms and {first / empty:.1f} times where no question had been drawn before)"
    )
    print()
    scores.main()
    timeline.main()
    if "postgresql" in _wanted():
        overview.main()


def _wanted() -> list[str]:
    names = sys.argv[1:] or list(ENGINES)
    if strangers := set(names) - set(ENGINES):
        raise SystemExit(f"There is no engine {', '.join(sorted(strangers))}; there are {' and '.join(ENGINES)}.")
    return names


def compare(name: str, folder: Path, pages: list[list[str]], scales: int) -> None:
    """The two programs on one database engine, with few and with many clients."""
    with ExitStack() as stack:
        engine = stack.enter_context(ENGINES[name](folder))
        ours, site = _application(stack, engine, folder)
        bare = _floor(stack, engine, folder, ours.travellers[0])
        for program in (ours, bare):
            program.drive(4, WARM_UP_S, pages, Tally())
        print(f"{engine.name:14}{HEADINGS}")
        for clients in CLIENTS:
            tallies = {program.name: Tally() for program in (ours, bare)}
            for _ in range(ROUNDS):
                for program in (ours, bare):
                    program.drive(clients, ROUND_S, pages, tallies[program.name])
            for program in (ours, bare):
                _print_row(program.name, clients, tallies, pages)
        _check(site, ours.sent, pages, scales)
    print()


def _application(stack: ExitStack, engine: Engine, folder: Path) -> tuple[Program, Site]:
    site = stack.enter_context(production.running(engine.fresh, folder))
    travellers = [Traveller(one.visit_url, one.cookie, one.token) for one in site.crowd(MEMBERS)]
    return Program("WeShare", site.server, engine, travellers), site


def _floor(stack: ExitStack, engine: Engine, folder: Path, like: Traveller) -> Program:
    url = engine.fresh("floor")
    made = engine_for(url)
    floor.Base.metadata.create_all(made)
    made.dispose()
    settings = {"FLOOR_DATABASE": url}
    serving = stack.enter_context(server.serving(server.listening(), settings, folder, "tests.bench.floor:app"))
    return Program("bare floor", serving, engine, [like] * 20_000)


def _print_row(name: str, clients: int, tallies: dict[str, Tally], pages: list[list[str]]) -> None:
    mine, bare = tallies[name], tallies["bare floor"]
    times = [f"{mine.milliseconds(kind, percent):8.1f}" for kind in (PAGE, SAVE, STEP) for percent in (50, 95)]
    rate, cpu = mine.journeys(pages), mine.cpu_a_journey()
    print(
        f"  {name:12}{clients:5}{rate:12.2f}{rate / bare.journeys(pages):8.2f}"
        f"{cpu:9.0f}{bare.cpu_a_journey() / cpu:8.2f}  {''.join(times)}"
    )


def _check(site: Site, sent: int, pages: list[list[str]], scales: int) -> None:
    """A journey that is not wholly in the database was not one."""
    items = sum(len(page) for page in pages)
    with site.study.read() as session:
        found = [session.scalar(select(func.count()).select_from(kept)) for kept in KEPT]
    assert found == [sent, sent * items, sent * scales], f"{found} rows for {sent} journeys"
    print(f"  all {sent} journeys are in the database: {found[1]} answers, {found[2]} scores")


if __name__ == "__main__":
    main()
