"""The features in a running site, and browsers that are signed in and have one of them open."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from app.accounts import sign_ins
from app.db import connect
from app.factory import create_app
from app.web.limits import limiter
from tests.conftest import create_tables
from tests.support import features
from tests.support import world as worlds
from tests.support.crowd import held
from tests.support.features import Opened
from tests.support.world import ACCOUNTS, World


@dataclass(frozen=True, slots=True)
class FeatureSite:
    """A site that answers."""

    url: str
    world: World

    def open(self, feature: str, name: str = "alice") -> Opened:
        """The sheet of a feature."""
        return features.open_sheet(self.world, feature, datetime.now(UTC), name)

    def context(self, browser: Browser, name: str = "alice", language: str = "en", **more: Any) -> BrowserContext:
        """A browser in which that person is signed in and reads that language."""
        now = datetime.now(UTC)
        with self.world.study() as session:
            key = sign_ins.open_for_account(session, ACCOUNTS[name], now)
            session.commit()
        cookie, value = held(self.world.config, key)[0].split("=", 1)
        context = browser.new_context(base_url=self.url, reduced_motion="reduce", **more)
        context.set_default_timeout(10_000)
        context.add_cookies(
            [
                {"name": cookie, "value": value, "url": self.url},
                {"name": "language", "value": language, "url": self.url},
            ]
        )
        return context


@contextmanager
def serving(folder: Path) -> Iterator[FeatureSite]:
    """The whole application on a port of its own, with the features and no other instrument."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    config = features.settings(folder, url)
    databases = connect(config)
    create_tables(databases)
    world = worlds.build(config, databases, datetime.now(UTC), features.library().keys)
    application = create_app(config)
    limiter.enabled = False
    server.app = application
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield FeatureSite(url, world)
    server.shutdown()
    thread.join()
    server.server_close()
    application.extensions["weshare"].databases.close()
    databases.close()
    limiter.enabled = True
