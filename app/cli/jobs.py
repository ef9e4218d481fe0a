"""``weshare jobs``: what runs by itself, and how to run it by hand."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from app.cli import settings
from app.config import Config
from app.db import Databases, connect
from app.jobs import alone, clock
from app.jobs.table import JOBS, run_until_done
from app.web import logs

NICENESS = 10  # of 19


class Instant(click.ParamType[datetime]):
    """An instant in ISO 8601 with its offset: without one nobody can say which instant it is."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """An aware datetime; a usage error otherwise."""
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is not an instant such as 2026-05-04T09:00+02:00", param, ctx)
        if at.tzinfo is None:
            self.fail(f"“{value}” needs its time zone at the end, such as +02:00, or Z for UTC", param, ctx)
        return at.astimezone(UTC)


def refuse_without_a_carrier(config: Config) -> Config:
    """A message that only the demonstration's mailbox would get must never be marked as sent to a real person."""
    if not config.is_demo and config.mail is None:
        settings.stop(
            "Messages cannot be sent yet: WESHARE_SMTP_URL is not set, so there is no mail server to hand them to. "
            "Nothing was sent or marked. This process needs the settings of the vault too: the courier works there.",
            settings.FAILED,
        )
    return config


def _let_patients_go_first() -> None:
    """Where many messages fall due in one minute, whoever answers on the same machine shall not feel it."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)


@contextlib.contextmanager
def _as_the_only_one(databases: Databases) -> Iterator[None]:
    try:
        with alone.only_one(databases):
            yield
    except alone.SecondJobProcess:
        settings.stop(
            "Another process already runs the jobs of this SQLite database: the server started with “weshare serve” "
            "or “weshare demo” does, too. One is enough: it runs every job at its pace. Stop it first to run one by "
            "hand. To run several, use PostgreSQL.",
            settings.FAILED,
        )


@click.group()
def jobs() -> None:
    """What runs by itself."""


@jobs.command()
@click.argument("name", type=click.Choice(sorted(JOBS)))
@click.option("--at", type=Instant(), default=clock.now, help="As if it were that instant; now by default.")
def run(name: str, at: datetime) -> None:
    """Run one job until nothing is left to do."""
    logs.configure()
    config = refuse_without_a_carrier(settings.read())
    databases = connect(config)
    with _as_the_only_one(databases):
        counts = run_until_done(JOBS[name], databases, config, settings.read_library(config.instruments), lambda: at)
    databases.close()
    done = ", ".join(f"{what} {number}" for what, number in sorted(counts.items()))
    click.echo(f"{name} at {at.isoformat()}: {done or 'nothing to do'}")


@jobs.command("clock")
def tick() -> None:
    """Run every job at its pace until stopped: the job process of an installation."""
    logs.configure()
    config = refuse_without_a_carrier(settings.read())
    _let_patients_go_first()
    databases = connect(config)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with _as_the_only_one(databases):
        stop = clock.start(databases, config, settings.read_library(config.instruments))
        ended.wait()
        stop()
    databases.close()
