"""A proxy between a browser and the site that breaks the saving of answers in every way a network or a server can."""

import http.client
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SAVES = "/answers"
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")
JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the browser."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_HEADERS)


Forward = Callable[[], Answer]
Fault = Callable[["Handler", Forward], None]


class Handler(BaseHTTPRequestHandler):
    """One connection of the browser."""

    protocol_version = "HTTP/1.1"
    server: "Proxy"

    def do_GET(self) -> None:
        """Pages and files always get through."""
        self.give(self.forward())

    def do_POST(self) -> None:
        """A save meets the next fault, if one is waiting; every other form gets through."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.next_fault() if self.path.endswith(SAVES) else None
        if fault is None:
            self.give(self.forward(body))
        else:
            FAULTS[fault](self, lambda: self.forward(body))

    def forward(self, body: bytes | None = None) -> Answer:
        """What the site answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection.request(self.command, self.path, body, headers)
        found = connection.getresponse()
        self.cookies = found.headers.get_all("Set-Cookie") or []
        answer = Answer(found.status, found.read(), dict(found.headers.items()))
        connection.close()
        return answer

    def give(self, answer: Answer, *, bytes_missing: int = 0) -> None:
        """Send an answer, or its beginning only, and hang up then."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in (*HOP_BY_HOP, "set-cookie"):
                self.send_header(name, value)
        for cookie in getattr(self, "cookies", []):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) - bytes_missing])
        self.close_connection = bool(bytes_missing)

    def reset(self) -> None:
        """Tear the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def finish(self) -> None:
        """A torn connection has nothing left to finish."""
        if self.connection.fileno() >= 0:
            super().finish()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def _server_error(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(500, b"<h1>Internal Server Error</h1>", {"Content-Type": "text/html"}))


def _bad_gateway(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(502, b'{"item":"q1","value":"1","revision":1,"conflict":false}'))


def _unavailable(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(503, b'{"error":"cannot-save","message":"Later."}', {**JSON_HEADERS, "Retry-After": "5"}))


def _too_many(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(429, b'{"error":"http-429","message":"Wait."}'))


def _somebody_elses_page(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(200, b"<h1>Welcome to the hospital's network</h1>", {"Content-Type": "text/html"}))


def _another_answer(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(200, b'{"item":"q30","value":"7","revision":1,"conflict":false}'))


def _an_empty_answer(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(200, b""))


def _half_a_sentence(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(200, b'{"item":"q1","value":'))


def _reset_before(handler: Handler, _forward: Forward) -> None:
    handler.reset()


def _reset_after(handler: Handler, forward: Forward) -> None:
    forward()
    handler.reset()


def _truncated_before(handler: Handler, _forward: Forward) -> None:
    handler.give(Answer(200, b'{"item":"q1","value":"1","revision":1,"conflict":false}'), bytes_missing=9)


def _truncated_after(handler: Handler, forward: Forward) -> None:
    handler.give(forward(), bytes_missing=9)


def _never_answered(handler: Handler, _forward: Forward) -> None:
    handler.server.is_over.wait(60)
    handler.reset()


FAULTS: Mapping[str, Fault] = {
    "500": _server_error,
    "502 with a body that looks like a confirmation": _bad_gateway,
    "503": _unavailable,
    "429": _too_many,
    "200 from somebody else": _somebody_elses_page,
    "200 about another question": _another_answer,
    "200 and nothing more": _an_empty_answer,
    "200 and half a sentence": _half_a_sentence,
    "reset before it was stored": _reset_before,
    "reset after it was stored": _reset_after,
    "truncated before it was stored": _truncated_before,
    "truncated after it was stored": _truncated_after,
    "never answered": _never_answered,
}
SLOW = "never answered"
"""The page gives up waiting for it after 15 seconds."""


class Proxy(ThreadingHTTPServer):
    """The proxy; ``url`` is where the browser finds the site."""

    daemon_threads = True

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.is_over = threading.Event()
        self._waiting: deque[str] = deque()
        self._met = 0
        self._lock = threading.Lock()

    def break_next_save(self, fault: str) -> None:
        """Let the next save meet a fault."""
        with self._lock:
            self._waiting.append(fault)

    def next_fault(self) -> str | None:
        """The fault that the save at hand meets."""
        with self._lock:
            if not self._waiting:
                return None
            self._met += 1
            return self._waiting.popleft()

    @property
    def faults_met(self) -> int:
        """How many saves have met a fault so far."""
        with self._lock:
            return self._met

    def handle_error(self, *_where: Any) -> None:
        """A browser that hangs up is no fault of the proxy's."""


@contextmanager
def between(target: int) -> Iterator[Proxy]:
    """A proxy in front of a site's port, until the block ends."""
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.is_over.set()
        proxy.shutdown()
        thread.join()
        proxy.server_close()
