"""A study's page with 100 000 participants of 24 visits on PostgreSQL: how long, and in how many statements."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import text

from app.config import embedded
from app.db import Database, Databases
from app.factory import create_app
from app.jobs import count_visits
from app.studies import protocols
from tests.bench import database
from tests.conftest import create_tables
from tests.support import world as worlds
from tests.support.statements import statements
from tests.support.world import World

PEOPLE, VISITS, SITES = 100_000, 24, 40
TRIES = 40
PLAIN = "/studies/HORIZON"
ADDRESSES = (
    PLAIN,
    f"{PLAIN}?sort=attention",
    f"{PLAIN}?state=overdue&visit=M06",
    f"{PLAIN}?state=expired",
    f"{PLAIN}?state=excused&site=B07",
    f"{PLAIN}?q=9991",
    f"{PLAIN}?page=1500",
)
FILL = (
    "INSERT INTO site (study_id, code, name) SELECT :study, 'B' || lpad(s::text, 2, '0'), 'Centre B' || s"
    " FROM generate_series(0, :sites - 1) s",
    "INSERT INTO account (pseudonym, created_at) SELECT 'acc-b' || p, :at FROM generate_series(1, :people) p",
    "INSERT INTO participant (pseudonym, account_pseudonym, study_id, site_id, arm_id, protocol_version_id,"
    " subject_code, language, time_zone, enrolled_at) SELECT 'par-b' || p, 'acc-b' || p, :study,"
    " (SELECT id FROM site WHERE study_id = :study AND code = 'B' || lpad((p % :sites)::text, 2, '0')),"
    " (SELECT min(id) FROM arm WHERE study_id = :study), :version, 'B-' || lpad(p::text, 6, '0'), 'fr', 'Europe/Paris',"
    " CAST(:at AS timestamptz) - (660 + p % 60) * interval '1 day' FROM generate_series(1, :people) p",
    'INSERT INTO participant_event (participant_id, key, "on", recorded_at, recorded_by)'
    " SELECT id, 'inclusion', enrolled_at::date, enrolled_at, 'system' FROM participant WHERE subject_code LIKE 'B-%'",
    # A visit a month: most were answered, some late, a few excused; those of this month are open.
    "INSERT INTO occasion (key, participant_id, visit_key, iteration, made_available_at, notified_at, submitted_at,"
    " excused_at, excused_reason, due_at, closes_at)"
    " SELECT md5(id || '-' || v), id, 'M' || lpad(v::text, 2, '0'), 1, opens, opens,"
    " CASE WHEN fate < 80 AND opens + interval '20 days' < CAST(:at AS timestamptz)"
    " THEN opens + (fate % 20) * interval '1 day' END,"
    " CASE WHEN fate >= 95 THEN opens + interval '5 days' END, CASE WHEN fate >= 95 THEN 'hospital' END,"
    " opens + interval '14 days', opens + interval '28 days'"
    " FROM (SELECT p.id, v, p.enrolled_at + v * interval '30 days' AS opens, (p.id * 31 + v * 17) % 100 AS fate"
    " FROM participant p, generate_series(0, :visits - 1) v WHERE p.subject_code LIKE 'B-%') p"
    " WHERE opens <= CAST(:at AS timestamptz)",
)


def main() -> None:
    """Fill, count once as the job does, and measure each address."""
    at = datetime.now(UTC)
    with _site(at) as (app, world):
        bob, charlie = app.test_client(), app.test_client()
        worlds.sign_in(world, bob, "bob")
        worlds.sign_in(world, charlie, "staff-charlie")
        print(
            f"A study's page, {PEOPLE} participants x {VISITS} visits on PostgreSQL, {TRIES} times each; beside it, in"
        )
        print("turns, the same page of a study with one participant:")
        for address in ADDRESSES:
            with statements(app.extensions["weshare"].databases.study.engine) as seen:
                assert bob.get(address).status_code == 200
            taken, small = _in_turns(bob, address, charlie, "/studies/OTHER")
            ratio = taken.p50 / small.p50
            print(
                f"  {address:42} p50 {taken.p50:5.0f} ms  p95 {taken.p95:5.0f} ms  {ratio:4.1f} times the small one"
                f"  (of it {taken.cpu:4.0f} ms in the program)  {len(seen)} statements"
            )


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a page took: half of the times, 95 of 100 times, and the processor time of the program itself."""

    p50: float
    p95: float
    cpu: float


def _in_turns(first: Any, address: str, second: Any, other: str) -> tuple[Taken, Taken]:
    """Both pages by turns, so that whatever else the machine does meets both."""
    times: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for _ in range(TRIES):
        times[0].append(_milliseconds(first, address))
        times[1].append(_milliseconds(second, other))
    return _taken(times[0]), _taken(times[1])


def _taken(times: list[tuple[float, float]]) -> Taken:
    walls = sorted(wall for wall, _cpu in times)
    return Taken(median(walls), walls[int(len(walls) * 0.95) - 1], median(cpu for _wall, cpu in times))


def _milliseconds(client: Any, address: str) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    assert client.get(address).status_code == 200
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


@contextmanager
def _site(at: datetime) -> Iterator[tuple[Flask, World]]:
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as name, database.postgresql(Path(name)) as engine:
        folder = Path(name)
        url = engine.fresh("study")
        config = replace(embedded(folder, "http://127.0.0.1"), study_database=url)
        app = create_app(config)
        services = app.extensions["weshare"]
        create_tables(services.databases)
        world = worlds.build(config, services.databases, at)
        _fill(services.databases, world, at)
        began = time.perf_counter()
        counted = count_visits.run(services.databases, config, services.library, at=at)
        print(f"  the job that counts took {time.perf_counter() - began:.1f} s for {counted['counted']} study")
        yield app, world
        services.databases.close()


def _fill(databases: Databases, world: World, at: datetime) -> None:
    study = databases.study
    assert isinstance(study, Database)
    with study.write() as session:
        version = protocols.publish(session, world.study_id, _protocol(), at).id
        facts = {"study": world.study_id, "version": version, "at": at}
        facts |= {"people": PEOPLE, "visits": VISITS, "sites": SITES}
        for statement in FILL:
            session.execute(text(statement), {name: facts[name] for name in facts if f":{name}" in statement})
        session.commit()
    with study.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _protocol() -> dict[str, Any]:
    """Visits M00 to M23, thirty days apart."""
    like = worlds.protocol_document()
    window = {"opens": "P0D", "notify": "P0D", "due": "P13D", "closes": "P27D"}
    visits = [
        {**like["visits"][0], **window, "key": f"M{number:02}", "offset": f"P{30 * number}D"}
        for number in range(VISITS)
    ]
    return {**like, "visits": visits}


if __name__ == "__main__":
    main()
