"""Every job that runs by itself, by name: what it does and how often the clock starts it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.config import Config
from app.db import Databases
from app.jobs import (
    amend,
    carry_letters,
    count_visits,
    forget_registrations,
    forget_used,
    make_packs,
    send_notices,
    sign_people_out,
    spread_news,
    tell_staff,
)
from app.questionnaires.library import Library


class Run(Protocol):
    """One go at what is due at an instant; it counts what it did."""

    def __call__(self, databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """``is_full`` says, from the counts of a run, whether more may be waiting than one run takes."""

    run: Run
    is_full: Callable[[Counter[str]], bool]
    every: timedelta


JOBS: Mapping[str, Job] = {
    "amend": Job(amend.run, amend.is_full, every=timedelta(seconds=20)),
    "send-notices": Job(send_notices.run, send_notices.is_full, every=timedelta(minutes=1)),
    "spread-news": Job(spread_news.run, spread_news.is_full, every=timedelta(minutes=1)),
    "tell-staff": Job(tell_staff.run, tell_staff.is_full, every=timedelta(seconds=15)),
    "carry-letters": Job(carry_letters.run, carry_letters.is_full, every=timedelta(seconds=10)),
    "sign-people-out": Job(sign_people_out.run, sign_people_out.is_full, every=timedelta(seconds=10)),
    "make-packs": Job(make_packs.run, make_packs.is_full, every=timedelta(seconds=20)),
    "count-visits": Job(count_visits.run, count_visits.is_full, every=timedelta(minutes=5)),
    "forget-registrations": Job(forget_registrations.run, forget_registrations.is_full, every=timedelta(hours=1)),
    "forget-used": Job(forget_used.run, forget_used.is_full, every=timedelta(hours=1)),
}


def run_until_done(
    job: Job,
    databases: Databases,
    config: Config,
    library: Library,
    now: Callable[[], datetime],
    is_ending: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Run the job until nothing is left to do or everything ends, with the instant read anew for each go."""
    counts: Counter[str] = Counter()
    while True:
        done = job.run(databases, config, library, at=now())
        counts.update(done)
        if is_ending() or not job.is_full(done):
            return counts
