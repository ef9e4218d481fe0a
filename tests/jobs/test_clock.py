"""Jobs start by themselves, go on until nothing is left, and survive their own failures."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.config import Config
from app.db import Databases
from app.jobs import clock, send_notices
from app.jobs.table import JOBS, Job, run_until_done
from app.questionnaires.library import Library
from tests.jobs.conftest import PostOffice
from tests.jobs.test_send_notices import add_people
from tests.support.world import AT

PATIENCE_S = 20


def job_that(does: object, every: timedelta = timedelta(milliseconds=20)) -> Job:
    """A job of these tests' own: it calls what it is given with the instant of each run."""

    def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001
        return does(at)  # type: ignore[operator, no-any-return]

    return Job(run, lambda counts: counts["left"] > 0, every)


def test_a_job_runs_until_nothing_is_left_with_a_new_instant_each_time(
    databases: Databases, config: Config, library: Library
) -> None:
    """Seen failing when the first instant was kept: what fell due meanwhile would have waited."""
    instants: Iterator[datetime] = iter(AT + timedelta(seconds=second) for second in range(10))
    seen: list[datetime] = []

    def go(at: datetime) -> Counter[str]:
        seen.append(at)
        return Counter(done=1, left=3 - len(seen))

    counts = run_until_done(job_that(go), databases, config, library, lambda: next(instants))
    assert [AT, AT + timedelta(seconds=1), AT + timedelta(seconds=2)] == seen
    assert 3 == counts["done"]


def test_more_participants_than_one_run_takes_are_all_written_to(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(post_office, 5)
    monkeypatch.setattr(send_notices, "BATCH", 3)
    world = post_office.world
    counts = run_until_done(JOBS["send-notices"], world.databases, world.config, post_office.library, lambda: AT)
    assert (8, 8) == (counts["sent"], len(post_office.messages()))


def test_the_clock_ticks_at_once_and_again(databases: Databases, config: Config, library: Library) -> None:
    ticked = threading.Semaphore(0)

    def go(at: datetime) -> Counter[str]:
        assert at.tzinfo is UTC
        ticked.release()
        return Counter()

    stop = clock.start(databases, config, library, {"go": job_that(go)})
    try:
        assert ticked.acquire(timeout=PATIENCE_S)
        assert ticked.acquire(timeout=PATIENCE_S)
    finally:
        stop()


def test_whoever_stops_the_clock_waits_for_one_run_and_not_for_all_that_is_left(
    databases: Databases, config: Config, library: Library
) -> None:
    """Seen failing when only the ticking was stopped: a storm of messages would have gone on for minutes."""
    runs: list[datetime] = []
    begun, ending = threading.Event(), threading.Event()

    def go(at: datetime) -> Counter[str]:
        runs.append(at)
        begun.set()
        ending.wait(PATIENCE_S)
        time.sleep(0.02)  # fifty of these are long enough for the other thread to say that it is over
        return Counter(left=1 if len(runs) < 50 else 0)

    stop = clock.start(databases, config, library, {"go": job_that(go, every=timedelta(hours=1))})
    assert begun.wait(PATIENCE_S)
    stopping = threading.Thread(target=stop)
    stopping.start()
    ending.set()
    stopping.join(PATIENCE_S)
    assert 50 > len(runs)


def test_a_job_that_fails_is_tried_again_at_the_next_tick(
    databases: Databases, config: Config, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its words are not logged. Seen failing when the failure was left to the scheduler, which quotes it."""
    tries = threading.Semaphore(0)

    def go(_at: datetime) -> Counter[str]:
        tries.release()
        raise RuntimeError("to alice@example.org")

    stop = clock.start(databases, config, library, {"go": job_that(go)})
    try:
        assert tries.acquire(timeout=PATIENCE_S)
        assert tries.acquire(timeout=PATIENCE_S)
    finally:
        stop()
    written = "".join(capsys.readouterr())
    assert "job failed" in written
    assert "alice" not in written


def test_one_run_at_a_time(databases: Databases, config: Config, library: Library) -> None:
    """Seen failing with max_instances=2."""
    here, go_on, overlapped = threading.Event(), threading.Event(), threading.Event()

    def go(_at: datetime) -> Counter[str]:
        if here.is_set() and not go_on.is_set():
            overlapped.set()
        here.set()
        go_on.wait(0.3)
        return Counter()

    stop = clock.start(databases, config, library, {"go": job_that(go)})
    try:
        assert here.wait(PATIENCE_S)
        assert not overlapped.wait(0.25)
    finally:
        go_on.set()
        stop()
