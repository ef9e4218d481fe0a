"""The worker in which gunicorn runs the pages: nobody keeps one of its threads by sending a request drop by drop."""

import math
import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

SLOWEST_READER_S = 300
"""How long a part of an answer may take on its way: an export over a bad line."""
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Hurried(socket.socket):
    """A connection whose caller has until a certain moment to send the request, in however many parts."""

    def __init__(self, taken: socket.socket) -> None:
        super().__init__(taken.family, taken.type, taken.proto, fileno=taken.detach())
        self._until = math.inf
        self._is_known = False

    def begin(self, seconds: float) -> None:
        """A request may come; nothing is known of it yet."""
        self._until = time.monotonic() + seconds
        self._is_known = False

    def goes_on(self) -> None:
        """Its headers are there, so whatever is wrong from now on is answered by the application."""
        self._is_known = True

    def recv(self, *size: Any) -> bytes:
        """More of the request. Too late for the headers: 408 and the end; for the body: TimeoutError."""
        try:
            self.settimeout(max(self._until - time.monotonic(), 0.001))
            return super().recv(*size)
        except TimeoutError:
            if self._is_known:
                raise
            self.settimeout(1)
            self.sendall(TOO_SLOW)
            return b""
        finally:
            self.settimeout(SLOWEST_READER_S)


class HurryingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's worker with threads, whose ``timeout`` is also the longest that a request may take to come in."""

    def enqueue_req(self, conn: TConn) -> None:
        """Every connection passes here before a thread takes it up."""
        if not isinstance(conn.sock, Hurried):
            conn.sock = Hurried(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        """One request of a connection, in a thread."""
        conn.sock.begin(self.cfg.timeout)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """The headers are read; the application may ask for the body."""
        conn.sock.goes_on()
        return super().handle_request(req, conn)
