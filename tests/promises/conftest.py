"""What the promises are tried on: the application under gunicorn in production mode, once on each database engine."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.config import embedded
from app.db import connect
from app.factory import create_app
from app.web.limits import limiter
from tests.support import postgres, production
from tests.support import world as worlds
from tests.support.postgres import Fresh
from tests.support.production import Site
from tests.support.tables import BASES
from tests.support.world import World


def trials(few: int, many: int) -> int:
    """How often a promise is tried: a few times always, as often as it was promised where WESHARE_FULL=1 is set."""
    return many if os.environ.get("WESHARE_FULL") else few


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that stays up for all tests of its engine; each test brings people of its own."""
    folder = tmp_path_factory.mktemp("site")
    if request.param == "sqlite":
        with production.running(lambda name: f"sqlite:///{folder / name}.sqlite", folder) as found:
            yield found
        return
    with (
        postgres.databases(request.getfixturevalue("postgres_url")) as fresh,
        production.running(fresh, folder) as found,
    ):
        yield found


@pytest.fixture
def either_world(ready_url: Fresh, tmp_path: Path) -> Iterator[World]:
    """The small world on SQLite and on PostgreSQL, for tests that look inside the process."""
    urls = {f"{name}_database": ready_url(name) for name in BASES}
    config = replace(embedded(tmp_path / "settings", "http://localhost"), **urls)
    databases = connect(config)
    yield worlds.build(config, databases)
    databases.close()


@pytest.fixture
def either_app(either_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application over it, on the day on which it was built."""
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT)
    application = create_app(either_world.config)
    application.config.update(TESTING=True)
    limiter.enabled = False
    yield application
    limiter.enabled = True
    application.extensions["weshare"].databases.close()
