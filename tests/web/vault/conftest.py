"""The vault's pages as they are outside the demonstration, and two operators on duty there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.factory import create_app
from app.web.limits import limiter
from tests.support.on_duty import Duty, on_duty
from tests.support.signing_in import Clock
from tests.support.world import World


@pytest.fixture
def production(world: World) -> Iterator[Flask]:
    """The application as it runs outside the demonstration; the limits are off unless a test is about them."""
    app = create_app(replace(world.config, mode="production"))
    app.config.update(TESTING=True)
    limiter.enabled = False
    yield app
    limiter.enabled = True
    app.extensions["weshare"].databases.close()


@pytest.fixture
def on_call(production: Flask, world: World, clock: Clock) -> tuple[Duty, Duty]:
    """Olga and Oscar, each with an app, signed in a minute ago."""
    found = on_duty(production, world, "olga", clock), on_duty(production, world, "oscar", clock)
    clock.wait(minutes=1)
    return found
