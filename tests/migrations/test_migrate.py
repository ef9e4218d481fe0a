"""Migrating is safe: beside others who do the same, on copied tables, and where a process has but one database."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.cli.migrate import running, upgrade, upgrade_one
from app.config import ROOT
from app.db import Database, Databases, engine_for
from tests.support.postgres import Fresh


def test_a_process_migrates_the_databases_it_may_reach(tmp_path: Path) -> None:
    vault = Database(engine_for(f"sqlite:///{tmp_path / 'vault.sqlite'}"))
    databases = Databases(study=None, vault=vault, warehouse=None)
    upgrade(databases)
    assert "person" in inspect(vault.engine).get_table_names()
    databases.close()


def test_processes_that_migrate_at_the_same_time_wait_for_each_other(fresh_url: Fresh) -> None:
    """Seen failing on PostgreSQL without the advisory lock, and on SQLite with a plain BEGIN."""
    code = "import sys; from app.cli.migrate import upgrade_one; from app.db import engine_for;"
    code += "print('ready', flush=True); sys.stdin.readline(); upgrade_one(engine_for(sys.argv[1]), 'study')"
    command = [sys.executable, "-c", code, fresh_url("study")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    workers = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _number in range(3)]
    assert ["ready\n"] * 3 == [worker.stdout.readline() for worker in workers if worker.stdout]
    for line in [worker.stdin for worker in workers if worker.stdin]:
        line.write("go\n")
        line.flush()
    assert [("", "")] * 3 == [worker.communicate() for worker in workers]
    assert [0] * 3 == [worker.returncode for worker in workers]


def test_a_run_that_fails_leaves_everything_as_it_was(fresh_url: Fresh) -> None:
    """Seen failing on PostgreSQL with every statement committed by itself."""
    engine = engine_for(fresh_url("vault"))
    upgrade_one(engine, "vault")
    before = set(inspect(engine).get_table_names())
    with pytest.raises((OperationalError, ProgrammingError)), running(engine, "vault") as prepared:
        drop(prepared.attributes["connection"], "ledger_entry", "no_such_table")
    assert before == set(inspect(engine).get_table_names())
    engine.dispose()


def test_copying_a_table_keeps_what_refers_to_it(tmp_path: Path) -> None:
    """SQLite cannot alter a table: Alembic drops it after copying. Seen failing with foreign keys left on."""
    engine = engine_for(f"sqlite:///{tmp_path / 'vault.sqlite'}")
    upgrade_one(engine, "vault")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, language, revision, created_at) VALUES (1, 'fr', 1, '2026')"))
        connection.execute(text("INSERT INTO pseudonym VALUES (1, 1, 'account', 'x')"))
    with running(engine, "vault") as prepared:
        copy(prepared.attributes["connection"], "person")
    with engine.connect() as connection:
        assert ["x"] == list(
            connection.scalars(text("SELECT value FROM pseudonym JOIN person ON person.id = person_id"))
        )
        assert 1 == connection.scalar(text("PRAGMA foreign_keys"))
    engine.dispose()


def drop(connection: Connection, *tables: str) -> None:
    """A revision that drops tables."""
    operations = Operations(MigrationContext.configure(connection, opts={"transactional_ddl": True}))
    for table in tables:
        operations.drop_table(table)


def copy(connection: Connection, table: str) -> None:
    """A revision that has SQLite copy a table."""
    operations = Operations(MigrationContext.configure(connection, opts={"transactional_ddl": True}))
    with operations.batch_alter_table(table, recreate="always"):
        pass
