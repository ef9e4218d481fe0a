"""On SQLite there is one job process; the place is free again whenever it ends."""

import subprocess
import sys

import pytest

from app.db import Database, Databases, engine_for
from app.jobs.alone import SecondJobProcess, only_one


def test_a_second_job_process_is_refused_until_the_first_has_ended(databases: Databases):
    """Seen failing without the lock."""
    with only_one(databases), pytest.raises(SecondJobProcess), only_one(databases):
        pass
    with only_one(databases):
        pass


@pytest.mark.parametrize("words", [("clock",), ("run", "send-notices"), ("run", "forget-used")])
def test_the_command_says_what_to_do_instead(databases: Databases, words: tuple[str, ...]):
    """Seen failing for a job run by hand that did not ask for the place."""
    assert databases.study is not None
    folder = str(databases.study.engine.url.database).rsplit("/", 1)[0]
    with only_one(databases):
        said = subprocess.run(
            [sys.executable, "-m", "app.cli.main", "jobs", *words],
            env={"WESHARE_INSTANCE": folder, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert 1 == said.returncode
    assert "Another process already runs the jobs" in said.stderr
    assert "use PostgreSQL" in said.stderr


def test_on_postgresql_any_number_may_run():
    study = Database(engine_for("postgresql://nobody@localhost/nothing"))
    with only_one(Databases(study, None, None)), only_one(Databases(study, None, None)):
        pass
