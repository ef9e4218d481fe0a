"""The embedded server as a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.config import ROOT

PATIENCE_S = 40


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """``weshare serve`` on its own folder, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "WESHARE_INSTANCE": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def answer(port: int, process: subprocess.Popen[str]) -> httpx.Response:
    """The first answer of a server that is starting."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(process.stdout.read() if process.poll() is not None and process.stdout else "no answer")


def test_one_command_serves_from_nothing_and_stops_when_asked(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        assert 200 == answer(port, process).status_code
        process.send_signal(signal.SIGTERM)
        said, _nothing = process.communicate(timeout=PATIENCE_S)
    assert 0 == process.returncode
    assert f"Serving http://127.0.0.1:{port} (Ctrl+C stops it)" in said
    assert "Traceback" not in said
    assert (tmp_path / "study.sqlite").exists()


def test_a_port_that_is_taken_gets_a_sentence(tmp_path: Path) -> None:
    """Seen failing when gunicorn tried five times and gave up with a log line."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(tmp_path, port) as process:
            said, _nothing = process.communicate(timeout=PATIENCE_S)
    assert 1 == process.returncode
    assert f"Port {port} is already in use on this computer." in said
    assert "Traceback" not in said


def test_in_production_the_embedded_server_sends_to_the_right_one(tmp_path: Path) -> None:
    settings = {
        "WESHARE_MODE": "production",
        "WESHARE_AUDIENCES": "public",
        "WESHARE_SECRET_KEY": "x" * 32,
        "WESHARE_PUBLIC_URL": "https://weshare.example",
        "WESHARE_VAULT_URL": "https://vault.example",
        "WESHARE_RATE_LIMIT_STORAGE": "memory://",
        "WESHARE_STUDY_DATABASE": f"sqlite:///{tmp_path}/study.sqlite",
        "WESHARE_WAREHOUSE_DATABASE": f"sqlite:///{tmp_path}/warehouse.sqlite",
        "WESHARE_ASSERTION_PUBLIC_KEY": "none",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli.main", "serve"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 2 == ended.returncode
    assert "gunicorn wsgi:app" in ended.stderr
