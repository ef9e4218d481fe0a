"""A running site with the small world in it, and browsers to visit it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from app.config import Config, embedded
from app.db import connect
from app.demo_accounts import DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD
from app.factory import create_app
from app.identity import people
from app.identity.models import Pseudonym
from app.web.limits import limiter
from tests.conftest import create_tables
from tests.support import chromium
from tests.support import world as worlds
from tests.support.world import ACCOUNTS, World

NewPage = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Site:
    """A site that answers."""

    url: str
    world: World
    app: Flask


@pytest.fixture(scope="session")
def todays_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world as if built today, so that its first visit is open; Alice is known to the vault."""
    folder = tmp_path_factory.mktemp("today")
    config = embedded(folder, "http://127.0.0.1")
    databases = connect(config)
    create_tables(databases)
    now = datetime.now(UTC)
    world = worlds.build(config, databases, now)
    with world.vault() as vault:
        alice = people.register(vault, DEMO_PATIENT_EMAIL, "Alice", "Martin", "fr", DEMO_PATIENT_PASSWORD, now)
        vault.add(Pseudonym(person_id=alice.id, domain=people.ACCOUNT, value=ACCOUNTS["alice"]))
        vault.add(Pseudonym(person_id=alice.id, domain=people.study_domain("HORIZON"), value="par-alice"))
        vault.commit()
    databases.close()
    return folder


@pytest.fixture
def site(todays_world: Path, tmp_path: Path) -> Iterator[Site]:
    """The whole application on a port of its own, over a copy of today's world."""
    with serving(todays_world, tmp_path / "instance", "127.0.0.1") as found:
        yield found


@contextmanager
def serving(world: Path, folder: Path, host: str) -> Iterator[Site]:
    """The application over a copy of a world, under that name of this computer."""
    shutil.copytree(world, folder)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://{host}:{server.server_port}"
    config: Config = embedded(folder, url)
    application = create_app(config)
    limiter.enabled = False
    server.app = application
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    databases = application.extensions["weshare"].databases
    yield Site(url, worlds.find(config, databases), application)
    server.shutdown()
    thread.join()
    server.server_close()
    databases.close()
    limiter.enabled = True


@pytest.fixture
def new_page(chrome: Browser, site: Site) -> Iterator[NewPage]:
    """Opens a page in a browser of its own (another device); whatever a page must not do fails the test."""
    contexts: list[BrowserContext] = []
    watches: list[chromium.Watch] = []

    def open_page(*, language: str = "fr", size: dict[str, int] | None = None, **more: Any) -> Page:
        context = chrome.new_context(
            base_url=site.url, locale=language, viewport=size or chromium.DESK, reduced_motion="reduce", **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.watch = chromium.Watch(page)
        watches.append(page.watch)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == [fault for watch in watches for fault in watch.faults]
