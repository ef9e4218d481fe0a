"""On SQLite there is one job process and no more: a second one would only stand in the way of the first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.db import Databases

LOCK = ".jobs-lock"


class SecondJobProcess(Exception):
    """Another process already runs the jobs of this SQLite database."""


@contextmanager
def only_one(databases: Databases) -> Iterator[None]:
    """Hold the place of the job process; SecondJobProcess if it is taken. PostgreSQL needs no such place.

    The operating system gives the place back when the process ends, however it ends.
    """
    file = _file(databases)
    if file is None:
        yield
        return
    held = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SecondJobProcess(str(file)) from None
        yield
    finally:
        os.close(held)


def _file(databases: Databases) -> Path | None:
    if databases.study is None:
        return None
    url = databases.study.engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(f"{url.database}{LOCK}") if is_file else None
