"""The folder that the demonstration lives in: made beside its place and moved there whole, so none is half made."""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.config import embedded
from app.db import Databases, connect
from app.demo.generate import Progress, build
from app.identity import mailbox
from app.questionnaires.library import Library

MARK = "demo.json"


class Occupied(Exception):
    """Something else is where the demonstration should be."""


class BeingMade(Exception):
    """Another process is making the demonstration at this moment."""


def is_made(folder: Path) -> bool:
    """Whether a whole demonstration is there; Occupied if something else is."""
    if (folder / MARK).exists():
        return True
    if folder.exists() and any(folder.iterdir()):
        raise Occupied(str(folder))
    return False


def age(folder: Path, at: datetime) -> timedelta:
    """How long ago the demonstration was made: what was due then was due then."""
    mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    return at - datetime.fromisoformat(mark["made_at"])


def make(
    folder: Path,
    public_url: str,
    library: Library,
    at: datetime,
    migrate: Callable[[Databases], None],
    progress: Progress,
) -> None:
    """Make the demonstration; whatever stops it on the way, the next attempt begins anew."""
    making = folder.with_name(f".{folder.name}.being-made")
    with _alone(making):
        shutil.rmtree(making, ignore_errors=True)
        config = embedded(making, public_url)
        databases = connect(config)
        hurry(databases)
        try:
            migrate(databases)
            build(databases, config, library, at, progress)
        except BaseException:
            databases.close()
            shutil.rmtree(making)
            raise
        databases.close()
        (making / MARK).write_text(json.dumps({"made_at": at.isoformat(), "public_url": public_url}), encoding="utf-8")
        if folder.exists():  # empty: is_made has looked
            folder.rmdir()
        making.rename(folder)


def move_links(folder: Path, public_url: str, databases: Databases) -> None:
    """Let the links in messages lead to where the demonstration is served today, if that is another address."""
    mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    before = mark["public_url"]
    if before == public_url or databases.vault is None:
        return
    with databases.vault.write() as session:
        mailbox.replace_in_texts(session, f"{before}/", f"{public_url}/")
        session.commit()
    (folder / MARK).write_text(json.dumps({**mark, "public_url": public_url}), encoding="utf-8")


@contextmanager
def _alone(making: Path) -> Iterator[None]:
    """Nobody else makes it meanwhile; the lock dies with its process, however that ends."""
    making.parent.mkdir(parents=True, exist_ok=True)
    lock = making.with_suffix(".lock")
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingMade(str(making)) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def hurry(databases: Databases) -> None:
    """Do not wait for the disk: what is lost with the machine's power is begun anew anyway."""
    for database in (databases.study, databases.vault, databases.warehouse):
        if database is not None:
            event.listen(database.engine, "connect", _do_not_wait)


def _do_not_wait(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
