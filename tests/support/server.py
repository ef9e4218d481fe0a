"""The application as it runs in production: under gunicorn, in processes of its own, that a test may kill."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from app.config import ROOT
from app.db import Databases
from app.signing_keys import public_key_of
from tests.support.keys import LOOKUP_KEY, MASTER_KEYS, PRIVATE_KEY, PUBLIC_KEY, STRANGERS_PRIVATE_KEY

START_S = 30
WORKERS, THREADS = 2, 4
"""As the design asks to start with; also what the benchmark runs, on both sides."""


@dataclass(slots=True)
class Server:
    """A running gunicorn: its address, its process (the arbiter), and where it writes its log."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests now."""
        return _children(self.process.pid)

    def kill_workers(self) -> list[int]:
        """kill -9 every worker, in the middle of whatever it does; the arbiter will start new ones."""
        killed = self.workers
        for pid in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return killed

    def cpu_seconds(self) -> float:
        """What all processes of this server have used so far, those that have ended included."""
        return cpu_of_tree(self.process.pid)

    def stop(self) -> None:
        """End it and wait for its end."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9 everything of it at once: it is a process group of its own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def settings_for(databases: Databases, port: int) -> dict[str, str]:
    """Every setting of production mode, as an operator gives them, for databases that a test has made already."""
    url = f"http://127.0.0.1:{port}"
    urls = {
        f"WESHARE_{name.upper()}_DATABASE": getattr(databases, name).engine.url.render_as_string(hide_password=False)
        for name in ("study", "vault", "warehouse")
    }
    return urls | {
        "WESHARE_MODE": "production",
        "WESHARE_SECRET_KEY": "only-for-tests-" * 4,
        "WESHARE_PUBLIC_URL": url,
        "WESHARE_VAULT_URL": url,
        "WESHARE_RATE_LIMIT_STORAGE": "memory://",
        "WESHARE_ASSERTION_PRIVATE_KEY": PRIVATE_KEY,
        "WESHARE_ASSERTION_PUBLIC_KEY": PUBLIC_KEY,
        "WESHARE_TICKET_PRIVATE_KEY": STRANGERS_PRIVATE_KEY,
        "WESHARE_TICKET_PUBLIC_KEY": public_key_of(STRANGERS_PRIVATE_KEY),
        "WESHARE_VAULT_MASTER_KEYS": MASTER_KEYS,
        "WESHARE_VAULT_LOOKUP_KEY": LOOKUP_KEY,
        "WESHARE_WORDINGS": "no-wordings-here",
    }


def listening() -> socket.socket:
    """A port of our own: nobody can take it between finding it and using it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    return listener


@contextlib.contextmanager
def serving(
    listener: socket.socket,
    environment: Mapping[str, str],
    folder: Path,
    application: str = "wsgi:app",
    more: Sequence[str] = (),
) -> Iterator[Server]:
    """gunicorn with the settings of production, until the block ends; fails with its log if it does not come up.

    ``more``: further options of gunicorn, which go before those that come with the program.
    """
    port = listener.getsockname()[1]
    log = folder / f"gunicorn-{port}.log"
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{listener.fileno()}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30", "--graceful-timeout", "2"]
    command += ["--log-level", "warning", *more]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**{k: v for k, v in os.environ.items() if not k.startswith("WESHARE_")}, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", port, process, log)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        server.stop()
        listener.close()


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.process.poll() is None:
        try:
            with urlopen(f"{server.url}/healthz", timeout=START_S) as answer:  # noqa: S310 -- our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("gunicorn does not serve:\n" + server.log.read_text(errors="replace")[-3000:])


def cpu_of_tree(parent: int) -> float:
    """Seconds of processor that a process and its children have used, children that have ended included."""
    ticks = sum(_ticks(child, last=13) for child in _children(parent)) + _ticks(parent, last=15)
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _ticks(pid: int, last: int) -> int:
    """Clock ticks in user and system mode: fields up to 13 are the process's own, up to 15 its ended children's too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0
    return sum(int(field) for field in fields[11:last])
