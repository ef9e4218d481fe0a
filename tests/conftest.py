"""What every test may ask for: settings in a folder of its own, databases, a small world, the application."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from app.config import Config, embedded
from app.db import Databases, connect
from app.factory import create_app
from app.web import afterwards
from app.web.limits import limiter
from tests.support import (
    chromium,
    compiled_routes,
    features,
    postgres,
    quick_files,
    quick_instruments,
    quick_passwords,
    tables,
)
from tests.support import world as worlds
from tests.support.compiled_pages import PAGES
from tests.support.feature_browser import FeatureBrowser
from tests.support.postgres import Fresh
from tests.support.tables import connected, create_tables
from tests.support.world import World

# A busy machine makes an example slow, never wrong. The same examples every time, so that whoever changes something
# finds what the change did; new ones are looked for by --hypothesis-profile=exploring, as "make properties" does.
settings.register_profile("weshare", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("exploring", settings.get_profile("weshare"), derandomize=False)
settings.load_profile("weshare")

compiled_routes.install()
quick_files.install()
quick_instruments.install()
quick_passwords.use(quick_passwords.QUICK)
afterwards.STEP_S = 0.0  # what is waited for there is tried in tests/web/test_afterwards.py


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for waste takes a quarter of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A test that sets up the logs, as the server does, does so for itself alone."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small world in it, built once per test process and copied by each test."""
    folder = tmp_path_factory.mktemp("world")
    config = embedded(folder, "http://localhost")
    databases = connect(config)
    create_tables(databases)
    worlds.build(config, databases)
    databases.close()
    return folder


@pytest.fixture
def config(built_world: Path, tmp_path: Path) -> Config:
    """Settings of an embedded default whose three databases hold the small world."""
    folder = tmp_path / "instance"
    shutil.copytree(built_world, folder)
    return embedded(folder, "http://localhost")


@pytest.fixture
def databases(config: Config) -> Iterator[Databases]:
    """The three databases of this test."""
    found = connect(config)
    yield found
    found.close()


@pytest.fixture
def world(config: Config, databases: Databases) -> World:
    """Alice, Dora, Bob and Charlie."""
    return worlds.find(config, databases)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application with every audience; its limits on tries are off unless a test is about them."""
    application = create_app(config)
    application.config.update(TESTING=True)
    application.jinja_env.bytecode_cache = PAGES
    limiter.enabled = False
    yield application
    limiter.enabled = True
    application.extensions["weshare"].databases.close()


@pytest.fixture
def true_passwords() -> Iterator[None]:
    """Passwords take the work that they take outside tests."""
    quick_passwords.use(quick_passwords.TRUE)
    yield
    quick_passwords.use(quick_passwords.QUICK)


@pytest.fixture
def client(app: Flask) -> Any:
    """A browser without scripts."""
    return app.test_client()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One Chromium a test process; tests that use it carry the marker ``browser``."""
    with chromium.running() as browser:
        yield browser


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server, one per test process; tests that use it carry the marker ``postgres``."""
    server = postgres.start_or_skip()
    yield server.url
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Empty databases, by name; a test that asks for this runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path / name}.sqlite"
        return
    with postgres.databases(request.getfixturevalue("postgres_url")) as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ready_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Databases by name that have all their tables and no row, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield tables.files(tmp_path)
        return
    with tables.databases(request.getfixturevalue("postgres_url")) as ready:
        yield ready


@pytest.fixture
def empty_databases(ready_url: Fresh) -> Iterator[Databases]:
    """The three databases with all their tables and no row, once on SQLite and once on PostgreSQL."""
    found = connected(ready_url)
    yield found
    found.close()


@pytest.fixture(scope="session")
def built_features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small world in it whose visits ask for every feature; copied by each test."""
    folder = tmp_path_factory.mktemp("features")
    config = features.settings(folder, "http://localhost")
    databases = connect(config)
    create_tables(databases)
    worlds.build(config, databases, worlds.AT, features.library().keys)
    databases.close()
    return folder


@pytest.fixture
def feature_app(built_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with the features for instruments, on the day on which their world was built."""
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT)
    folder = tmp_path / "features"
    shutil.copytree(built_features, folder)
    application = create_app(features.settings(folder, "http://localhost"))
    application.config.update(TESTING=True)
    application.jinja_env.bytecode_cache = PAGES
    limiter.enabled = False
    yield application
    limiter.enabled = True
    application.extensions["weshare"].databases.close()


@pytest.fixture
def feature_world(feature_app: Flask) -> World:
    """Who is in it."""
    services = feature_app.extensions["weshare"]
    return worlds.find(services.config, services.databases)


@pytest.fixture
def open_feature(feature_app: Flask, feature_world: World) -> Callable[[str], FeatureBrowser]:
    """Opens the sheet of a feature in a browser of Alice's, in English."""

    def opened(name: str) -> FeatureBrowser:
        client = feature_app.test_client()
        client.set_cookie("language", "en")
        worlds.sign_in(feature_world, client, "alice")
        return FeatureBrowser(client, feature_world, features.open_sheet(feature_world, name))

    return opened
