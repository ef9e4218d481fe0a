"""Previews on somebody's own computer: the tiny instrument, the branched one, and every shipped one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.config import ROOT, preview
from app.factory import create_preview_app
from app.web.limits import limiter
from tests.support import routed
from tests.support.instruments import write_instrument

Open = Callable[..., Any]


def preview_app(folder: Path) -> Flask:
    application = create_preview_app(preview(folder, folder.parent / "no-wordings", "http://localhost"))
    application.config.update(TESTING=True)
    return application


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the tiny and the branched instrument."""
    write_instrument(tmp_path / "instruments")
    return routed.install(tmp_path / "instruments")


@pytest.fixture
def small(folder: Path) -> Iterator[Any]:
    """A browser on the preview of that folder, reading English."""
    yield reader(preview_app(folder))
    limiter.enabled = True


@pytest.fixture(scope="session")
def shipped() -> Flask:
    """The preview of everything that comes with the program."""
    return preview_app(ROOT / "instruments")


def reader(app: Flask, language: str = "en") -> Any:
    """A browser whose reader wants a language."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client
