"""The ticker: starts every job of the table at its pace, in a thread of this process.

It belongs into the job process, or beside the single process of the embedded server; never into one of several web
workers. It holds nothing that must survive: what is due is in the databases, and claims make several tickers safe.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from app.config import Config
from app.db import Databases
from app.jobs.table import JOBS, Job, run_until_done
from app.questionnaires.library import Library

log = structlog.get_logger("weshare.jobs")


def now() -> datetime:
    """The wall clock, aware and in UTC."""
    return datetime.now(UTC)


def start(databases: Databases, config: Config, library: Library, jobs: Mapping[str, Job] = JOBS) -> Callable[[], None]:
    """Start ticking at once; what comes back stops it, after the run that may be under way."""
    ending = threading.Event()
    scheduler = BackgroundScheduler(timezone=UTC)
    for name, job in jobs.items():
        scheduler.add_job(
            tick,
            "interval",
            args=(name, job, databases, config, library, ending.is_set),
            seconds=job.every.total_seconds(),
            next_run_time=now(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()

    def stop() -> None:
        ending.set()
        scheduler.shutdown()

    return stop


def tick(
    name: str,
    job: Job,
    databases: Databases,
    config: Config,
    library: Library,
    is_ending: Callable[[], bool] = lambda: False,
) -> None:
    """One tick of one job. A failure is logged, and the next tick tries again."""
    try:
        counts = run_until_done(job, databases, config, library, now, is_ending)
    except Exception as problem:  # whatever it was, without its words: they may quote what no log may hold
        log.error("job failed", job=name, error=type(problem).__name__)
        return
    if counts.total():
        log.info("job done", job=name, **counts)
