"""The command as somebody types it, in a deployment of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from app.cli.migrate import upgrade
from app.config import embedded
from app.db import Databases, connect
from app.identity import people
from app.identity.identity import Identity
from tests.support.world import AT

Command = Callable[..., Result]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The folder of an embedded deployment."""
    return tmp_path / "instance"


@pytest.fixture(scope="session")
def built_deployment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a deployment with two people in its vault, built once per test process and copied by each test."""
    folder = tmp_path_factory.mktemp("deployment")
    databases = connect(embedded(folder, "http://localhost"))
    upgrade(databases)
    assert databases.vault is not None
    with databases.vault.write() as session:
        for name in ("Ada", "Boris"):
            people.enter(session, Identity(f"{name}@example.org", name, "Example"), "fr", f"password-of-{name}", AT)
        session.commit()
    databases.close()
    return folder


@pytest.fixture
def lived_in(built_deployment: Path, instance: Path) -> Iterator[Databases]:
    """The deployment with two people in its vault."""
    shutil.copytree(built_deployment, instance)
    databases = connect(embedded(instance, "http://localhost"))
    yield databases
    databases.close()


@pytest.fixture
def weshare(instance: Path, tmp_path: Path) -> Command:
    """Run the command with the deployment's settings and these."""
    usual = {"WESHARE_INSTANCE": str(instance), "WESHARE_BACKUPS": str(tmp_path / "backups")}

    def run(*words: str, **settings: str) -> Result:
        return CliRunner().invoke(main, words, env={**usual, **settings})

    return run
