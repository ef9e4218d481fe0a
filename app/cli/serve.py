"""``weshare serve``: the embedded server, one process with threads and the clock beside it."""

import errno
import logging
import socket
from collections.abc import Callable
from typing import Any

import click
import structlog
from gunicorn.app.base import BaseApplication

from app.cli import settings
from app.cli.migrate import upgrade
from app.config import Config
from app.db import connect
from app.factory import create_app
from app.jobs import alone, clock
from app.web import logs
from app.web.request import Services

log = structlog.get_logger("weshare.jobs")
HOST = "127.0.0.1"
PORT = 8000
THREADS = 8


class EmbeddedServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with one worker: SQLite, the limits on tries and the clock all want a single process.

    The application is made in the worker, so that no connection is shared across the fork.
    """

    def __init__(self, config: Config, port: int, announce: Callable[[], None]) -> None:
        self.config = config
        self.port = port
        self.announce = announce
        self.stop_clock: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's own settings."""
        chosen = {
            "bind": f"{HOST}:{self.port}",
            "workers": 1,
            "worker_class": "app.server.HurryingWorker",
            "threads": THREADS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "graceful_timeout": 5,
            "post_worker_init": self.begin,
            "worker_exit": self.end,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        return create_app(self.config)

    def begin(self, worker: Any) -> None:
        """The worker can answer: start the clock beside it."""
        services: Services = worker.wsgi.extensions["weshare"]
        self.stop_clock = self._start_clock(services)
        self.announce()

    @staticmethod
    def _start_clock(services: Services) -> Callable[[], None]:
        """The one job process of a SQLite database; where there is one already, the pages are served without."""
        place = alone.only_one(services.databases)
        try:
            place.__enter__()
        except alone.SecondJobProcess:
            log.warning("another process runs the jobs of this database")
            return lambda: None
        stop = clock.start(services.databases, services.config, services.library)

        def stop_and_leave() -> None:
            stop()
            place.__exit__(None, None, None)

        return stop_and_leave

    def end(self, _server: Any, _worker: Any) -> None:
        """Let the clock finish what it is at."""
        self.stop_clock()


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Where to listen on this computer.")
def serve(port: int) -> None:
    """Serve every page from one process, with the settings as they are."""
    config = settings.read(port)
    if not config.is_demo:
        settings.stop(
            "weshare serve is the small embedded server. In production, start the pages with “gunicorn wsgi:app” and "
            "the messages with “weshare jobs clock”.",
            settings.USAGE,
        )
    refuse_taken_port(port)
    databases = connect(config)
    upgrade(databases)
    databases.close()
    serve_forever(config, port, lambda: click.echo(f"Serving {config.public_url} (Ctrl+C stops it)"))


def serve_forever(config: Config, port: int, announce: Callable[[], None], level: int = logging.INFO) -> None:
    """Answer until stopped; the databases are up to date."""
    settings.read_library(config.instruments)
    logs.configure(level)
    EmbeddedServer(config, port, announce).run()


def refuse_taken_port(port: int) -> None:
    """End the command with a clear sentence if somebody else listens there, or if it may not be used."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except (OSError, OverflowError) as problem:
            another = PORT + 1 if port == PORT else PORT
            is_taken = isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
            reason = "is already in use on this computer" if is_taken else "cannot be used on this computer"
            settings.stop(
                f"Port {port} {reason}. Stop the other program, or choose another port: "
                f"“weshare demo --port {another}” or “make demo PORT={another}”."
            )
