"""The application in production mode with the small world in its databases, and its crowd's browsers."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from app.config import Config, from_environment
from app.db import Database, Databases
from tests.conftest import create_tables
from tests.support import crowd, server
from tests.support import world as worlds
from tests.support.crowd import Member
from tests.support.postgres import Fresh
from tests.support.server import Server
from tests.support.tables import connected

NAMES = ("study", "vault", "warehouse")
TIMEOUT_S = 60

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Site:
    """A running production site with what it runs on."""

    server: Server
    config: Config
    databases: Databases

    @property
    def study(self) -> Database:
        """The study side's database."""
        assert self.databases.study is not None
        return self.databases.study

    def crowd(self, count: int = 1) -> list[Member]:
        """So many people who have just been asked and are signed in."""
        return crowd.gather(self.study, self.config, count, datetime.now(UTC), f"crowd{next(_numbers)}")


@dataclass(slots=True)
class Device:
    """One browser of one person; several of them share nothing but the sign-in. ``sheet`` is there once it began."""

    site: Site
    member: Member
    sheet: str = ""
    http: httpx.Client = field(init=False)
    others: list["Device"] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        headers = {"Cookie": self.member.cookie, "X-CSRFToken": self.member.token, "Accept-Language": "en"}
        self.http = httpx.Client(base_url=self.site.server.url, headers=headers, timeout=TIMEOUT_S)

    def begin(self) -> str:
        """Press "Start"; the address of the sheet."""
        answer = self.http.post(self.member.visit_url, data={"width": "1280"})
        assert answer.status_code == 303, answer.text
        self.sheet = answer.headers["Location"].split("/page/")[0].removesuffix("/review")
        return self.sheet

    def save(self, item: str, value: int, request_id: str, seen: int = 0, *, is_old: bool = False) -> httpx.Response:
        """One answer, as the page's script sends it."""
        body = {"item": item, "value": str(value), "seen": str(seen), "request_id": request_id, "is_old": is_old}
        return self.http.post(f"{self.sheet}/answers", json=body, headers={"Accept": "application/json"})

    def send(self, request_id: str, **more: str) -> httpx.Response:
        """Press "Send my answers"."""
        return self.http.post(f"{self.sheet}/send", data={"request_id": request_id, **more})

    def same(self) -> "Device":
        """Another device of the same person, on the same sheet; put away together with this one."""
        self.others.append(Device(self.site, self.member, self.sheet))
        return self.others[-1]

    def __enter__(self) -> "Device":
        return self

    def __exit__(self, *_problem: Any) -> None:
        for device in (self, *self.others):
            device.http.close()


@contextmanager
def running(fresh: Fresh, folder: Path) -> Iterator[Site]:
    """Build the world in empty databases and serve it by gunicorn until the block ends."""
    listener = server.listening()
    databases = connected(fresh)
    create_tables(databases)
    environment = server.settings_for(databases, listener.getsockname()[1])
    config = from_environment(environment)
    worlds.build(config, databases, datetime.now(UTC))
    try:
        with server.serving(listener, environment, folder) as process:
            yield Site(process, config, databases)
    finally:
        databases.close()
