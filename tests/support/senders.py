"""Job processes of a test's own, made to be killed."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from multiprocessing.process import BaseProcess

from app.config import Config
from app.db import Database, Databases, engine_for, vault_database
from app.jobs import send_notices, shift, spread_news, staff_causes
from app.jobs.table import JOBS, run_until_done
from app.vault_keys import VaultKeys
from tests.support.keys import VAULT_KEYS

READY_S = 60
# Forked from one process that has everything imported, so that a kill costs milliseconds and not seconds.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.senders", "tests.support.warm"])


def begin(urls: dict[str, str], config: Config, at: datetime, lines: int, batch: int = 50) -> BaseProcess:
    """A process that sends what is due at an instant until nothing is left; ``lines`` to the outside at once."""
    process = _context.Process(target=_send, args=(urls, config, VAULT_KEYS, at, lines, batch), daemon=True)
    process.start()
    return process


def tick_together(
    urls: dict[str, str], config: Config, at: datetime, jobs: Sequence[str], processes: int, batch: int
) -> list[BaseProcess]:
    """Processes that run these jobs one after the other at the same instant, until a round of them finds nothing."""
    ready = _context.Barrier(processes + 1, timeout=READY_S)
    given = (urls, config, VAULT_KEYS, at, jobs, batch, ready.wait)
    running = [_context.Process(target=_tick, args=given, daemon=True) for _number in range(processes)]
    for process in running:
        process.start()
    ready.wait()
    return running


def kill(process: BaseProcess) -> bool:
    """kill -9; False if it had ended by itself."""
    if not process.is_alive() or process.pid is None:
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return True


def _send(urls: dict[str, str], config: Config, keys: VaultKeys, at: datetime, lines: int, batch: int) -> None:
    shift.WORKERS = lines  # type: ignore[misc]
    send_notices.BATCH = batch
    databases = _connected(urls, keys)
    _run("send-notices", databases, config, at)
    databases.close()


def _tick(
    urls: dict[str, str],
    config: Config,
    keys: VaultKeys,
    at: datetime,
    jobs: Sequence[str],
    batch: int,
    wait: Callable[[], int],
) -> None:
    shift.WORKERS = 1  # type: ignore[misc]
    for job in (send_notices, spread_news, staff_causes):
        job.BATCH = batch  # type: ignore[misc]
    spread_news.MOST_WAITING = 2 * batch  # type: ignore[misc]
    databases = _connected(urls, keys)
    assert databases.study is not None
    with databases.study.read() as session:
        session.connection()
    wait()
    while sum(_run(name, databases, config, at) for name in jobs):
        pass
    databases.close()


def _connected(urls: dict[str, str], keys: VaultKeys) -> Databases:
    # The keys of the tests are made anew in each process: these are the ones that the vault was filled with.
    study = Database(engine_for(urls["study"]))
    return Databases(study, vault_database(engine_for(urls["vault"]), keys), None)


def _run(name: str, databases: Databases, config: Config, at: datetime) -> int:
    now: Callable[[], datetime] = lambda: at  # noqa: E731
    return run_until_done(JOBS[name], databases, config, import_module("tests.support.warm").LIBRARY, now).total()
