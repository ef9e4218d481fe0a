"""Dana, who looks after what all studies share, and the files that she brings."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support import world as worlds
from tests.support.signing_in import Clock, a_browser
from tests.support.world import World


@pytest.fixture
def signed_in(app: Flask, world: World, clock: Clock) -> Callable[[str], Any]:
    """A browser in which somebody is signed in, at the clock's time."""

    def sign_in(name: str, language: str = "en") -> Any:
        browser = a_browser(app, language)
        worlds.sign_in(world, browser, name, clock.at)
        return browser

    return sign_in


@pytest.fixture
def dana(signed_in: Callable[[str], Any]) -> Any:
    """The browser of the data manager."""
    return signed_in("dana")
