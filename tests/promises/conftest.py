"""What the promises are tried on: the application under gunicorn in production mode, once on each database engine."""

import os
from collections.abc import Iterator

import pytest

from tests.support import postgres, production
from tests.support.production import Site


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
