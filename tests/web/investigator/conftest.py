"""Bob, who leads the study, and browsers for others."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.studies import studies
from app.studies.models import Site, Study
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
def bob(signed_in: Callable[[str], Any]) -> Any:
    """The browser of the investigator of HORIZON."""
    return signed_in("bob")


@pytest.fixture
def at_second_site(world: World, signed_in: Callable[[str], Any]) -> Any:
    """The browser of somebody appointed at HORIZON's site S2 only; it is Charlie, with one appointment more."""
    with world.study() as session:
        study = session.get_one(Study, world.study_id)
        site = session.query(Site).filter_by(study_id=study.id, code="S2").one()
        studies.appoint(session, world.staff["charlie"], study, "site-staff", site)
        session.commit()
    return signed_in("staff-charlie")
