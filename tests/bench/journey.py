"""One whole journey over HTTP on one connection, as a browser with scripts makes it, with as little work as possible.

The visit's page and its start; each page of questions, each answer saved at once, the button "Next"; the review, the
sending, the thanks.
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

PAGE, SAVE, STEP = "page", "save", "step"
"""What is measured apart: pages that are shown, answers that are saved, forms that are posted and redirect."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who makes a journey: the visit's address and what the browser holds."""

    visit: str
    cookie: str
    token: str


class Timed(NamedTuple):
    """One request that was answered: what it was, when it ended and how long it took, in seconds."""

    kind: str
    ended: float
    took: float


class Connection:
    """One connection that is kept open, speaking just enough HTTP."""

    def __init__(self, port: int, traveller: Traveller) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            "Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nAccept-Language: en\r\nAccept: {accept}\r\n"
            "X-CSRFToken: {token}\r\n"
        )
        held = {"port": port, "cookie": traveller.cookie, "token": traveller.token}
        self._as_page = self._head.format(accept="text/html", **held).encode()
        self._as_json = self._head.format(accept="application/json", **held).encode()

    def get(self, path: str) -> bytes:
        """A page; its answer must be 200."""
        return self._ask(b"GET " + path.encode() + b" HTTP/1.1\r\n" + self._as_page + b"\r\n", b"200")

    def post(self, path: str, form: str) -> str:
        """A form; its answer must be a redirection, and where to is returned."""
        head = self._ask(_post(path, self._as_page, "application/x-www-form-urlencoded", form), b"303")
        return _header(head, b"location").decode()

    def save(self, path: str, body: str) -> bytes:
        """One answer as JSON; what comes back is the server's word that it has it."""
        return self._ask(_post(path, self._as_json, "application/json", body), b"200")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ask(self, request: bytes, expected: bytes) -> bytes:
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._received()
        head, body = data.split(b"\r\n\r\n", 1)
        length = int(_header(head, b"content-length"))
        while len(body) < length:
            body += self._received()
        if head[9:12] != expected:
            raise RuntimeError(f"{request[:80]!r} got {head[:200]!r} {body[:400]!r}")
        return head if expected == b"303" else body

    def _received(self) -> bytes:
        found = self._socket.recv(262_144)
        if not found:
            raise ConnectionError("the server hung up")
        return found


def travel(port: int, traveller: Traveller, pages: list[list[str]]) -> Iterator[Timed]:
    """Make the journey, yielding every request as it is answered."""
    connection = Connection(port, traveller)
    form = f"csrf_token={traveller.token}"
    try:
        started = time.perf_counter()
        connection.get(traveller.visit)
        yield (now := _timed(PAGE, started))
        path = connection.post(traveller.visit, f"{form}&width=1280")
        yield (now := _timed(STEP, now.ended))
        sheet = path.split("/page/")[0]
        for items in pages:
            connection.get(path)
            yield (now := _timed(PAGE, now.ended))
            for item in items:
                connection.save(f"{sheet}/answers", _answer(item))
                yield (now := _timed(SAVE, now.ended))
            chosen = "&".join(f"answer-{item}=2&seen-{item}=1" for item in items)
            path = connection.post(path, f"{form}&go=next&{chosen}")
            yield (now := _timed(STEP, now.ended))
        connection.get(path)
        yield (now := _timed(PAGE, now.ended))
        path = connection.post(f"{sheet}/send", f"{form}&request_id=send-0000")
        yield (now := _timed(STEP, now.ended))
        connection.get(path)
        yield _timed(PAGE, now.ended)
    finally:
        connection.close()


def requests_of(pages: list[list[str]]) -> int:
    """How many requests a journey is."""
    return 5 + sum(len(items) + 2 for items in pages)


def _header(head: bytes, name: bytes) -> bytes:
    start = head.lower().index(b"\r\n" + name + b": ") + len(name) + 4
    return head[start:].split(b"\r\n", 1)[0]


def _answer(item: str) -> str:
    return f'{{"item":"{item}","value":"2","seen":"0","request_id":"save-{item:0>8}","is_old":false}}'


def _post(path: str, head: bytes, kind: str, body: str) -> bytes:
    content = body.encode()
    start = f"POST {path} HTTP/1.1\r\n".encode()
    end = f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    return start + head + end + content


def _timed(kind: str, started: float) -> Timed:
    ended = time.perf_counter()
    return Timed(kind, ended, ended - started)
