"""Job processes of a test's own, made to be killed."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from multiprocessing.process import BaseProcess

from app.config import Config
from app.db import Database, Databases, engine_for, vault_database
from app.jobs import send_notices, shift
from app.jobs.table import JOBS, run_until_done
from app.vault_keys import VaultKeys
from tests.support.keys import VAULT_KEYS

# Forked from one process that has everything imported, so that a kill costs milliseconds and not seconds.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.senders", "tests.support.warm"])


def begin(urls: dict[str, str], config: Config, at: datetime, lines: int, batch: int = 50) -> BaseProcess:
    """A process that sends what is due at an instant until nothing is left; ``lines`` to the outside at once."""
    process = _context.Process(target=_send, args=(urls, config, VAULT_KEYS, at, lines, batch), daemon=True)
    process.start()
    return process


def kill(process: BaseProcess) -> bool:
    """kill -9; False if it had ended by itself."""
    if not process.is_alive() or process.pid is None:
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return True


def _send(urls: dict[str, str], config: Config, keys: VaultKeys, at: datetime, lines: int, batch: int) -> None:
    # The keys of the tests are made anew in each process: these are the ones that the vault was filled with.
    shift.WORKERS = lines  # type: ignore[misc]
    send_notices.BATCH = batch
    study = Database(engine_for(urls["study"]))
    databases = Databases(study, vault_database(engine_for(urls["vault"]), keys), None)
    now: Callable[[], datetime] = lambda: at  # noqa: E731
    run_until_done(JOBS["send-notices"], databases, config, import_module("tests.support.warm").LIBRARY, now)
    databases.close()
