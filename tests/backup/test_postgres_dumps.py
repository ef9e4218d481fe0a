"""PostgreSQL's own programs: what they are told, and what everybody on the machine can read of it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.backup import postgres_dumps
from app.db import engine_for


def test_no_password_stands_on_a_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Seen failing with the address handed on as it is."""
    asked: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], *, env: dict[str, str], **_more: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("app.backup.postgres_dumps.subprocess.run", run)
    monkeypatch.setattr("app.backup.postgres_dumps.tool", lambda name: f"/usr/bin/{name}")
    postgres_dumps.load(engine_for("postgresql://weshare:secret@db.example/study"), tmp_path / "study.pgdump")
    ((command, environment),) = asked
    assert "secret" not in " ".join(command)
    assert "weshare@db.example/study" in " ".join(command)
    assert "secret" == environment["PGPASSWORD"]
