"""S18: whoever sends too much, or too slowly, is told so, keeps nobody waiting, and leaves the memory as it was.

Against gunicorn with the settings that come with the program, but for its patience: 4 seconds instead of 30.
"""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.config import from_environment
from tests.conftest import create_tables
from tests.support import server, tables
from tests.support import world as worlds
from tests.support.browser_form import csrf_of
from tests.support.server import Server, settings_for

PATIENCE_S = 4
PAGE = "/staff/sign-in"
FEW_MB = 24
"""What a worker may grow by: pages are compiled and pools filled meanwhile."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("large-and-slow")
    databases = tables.connected(lambda name: f"sqlite:///{folder / name}.sqlite")
    create_tables(databases)
    listener = server.listening()
    environment = settings_for(databases, listener.getsockname()[1])
    worlds.build(from_environment(environment), databases, datetime.now(UTC))
    with server.serving(listener, environment, folder, more=("--timeout", str(PATIENCE_S))) as running:
        yield running
    databases.close()


@pytest.fixture
def browser(served: Server) -> Iterator[httpx.Client]:
    # A line on which more was sent than is read is cut after the answer, so each request has one of its own.
    with httpx.Client(base_url=served.url, timeout=30, headers={"Connection": "close"}) as client:
        yield client


def status_of(served: Server, *parts: bytes, pause_s: float = 0) -> int:
    """What is answered to bytes that are sent one after the other; 0 where the line is cut without a word."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as line:
        with contextlib.suppress(OSError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause_s)
        answer = b""
        with contextlib.suppress(OSError):
            while more := line.recv(65536):
                answer += more
                if b"\r\n" in answer:
                    break
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found.group(1)) if found else 0


def head(method: str = "GET", *lines: str) -> bytes:
    return "\r\n".join([f"{method} {PAGE} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


@pytest.mark.parametrize("size", [600_000, 1_000_000, 5_000_000])
def test_a_body_that_is_too_large_is_refused(browser: httpx.Client, size: int) -> None:
    token = csrf_of(browser.get(PAGE))
    for form in ({"data": {"csrf_token": token, "login": "x" * size}}, {"content": b"{" * size}):
        assert 413 == browser.post(PAGE, headers={"X-CSRFToken": token}, **form).status_code


def test_a_form_with_ten_thousand_fields_is_refused(browser: httpx.Client) -> None:
    """Both kinds of form. Seen failing with a limit on those of several parts alone."""
    token = csrf_of(browser.get(PAGE))
    fields = {f"f{number}": "" for number in range(10_000)}
    several = dict.fromkeys(fields, (None, ""))
    headers = {"X-CSRFToken": token}
    assert 413 == browser.post(PAGE, data=fields, headers=headers).status_code
    assert 413 == browser.post(PAGE, files=several, headers=headers).status_code


def test_a_flood_of_headers_is_refused(served: Server) -> None:
    assert 200 == status_of(served, head("GET", *(f"X-{number}: 1" for number in range(40))))
    assert 431 == status_of(served, head("GET", *(f"X-{number}: 1" for number in range(200))))
    assert 431 == status_of(served, head("GET", "Cookie: " + "x" * 20_000))
    assert 414 == status_of(served, head().replace(b"sign-in", b"x" * 9000))


def test_two_ends_of_one_request_are_refused(served: Server) -> None:
    """A proxy and we must not differ about where the next one begins."""
    both = ("Content-Length: 4", "Transfer-Encoding: chunked")
    assert status_of(served, head("POST", *both), b"0\r\n\r\n") in (0, 400)
    assert 400 == status_of(served, head("POST", "Content-Length: 4", "Content-Length: 5"), b"abcde")
    assert 400 == status_of(served, head("POST", "Content-Length: -1"), b"abcd")
    assert status_of(served, head("POST", "Transfer-Encoding: gzip"), b"abcd") in (400, 501)


def test_nobody_waits_for_a_slow_caller(served: Server, browser: httpx.Client) -> None:
    """More than there are threads send their requests drop by drop: half of them the headers, half a body.

    Seen failing with gunicorn's own worker, which waits for ever.
    """
    drops = [b"X-Drop: 1\r\n"] * 30
    began = time.monotonic()
    answers: list[int] = []
    slow_head = (f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode(), *drops)
    slow_body = (head("POST", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 5000"), *drops)
    callers = [
        threading.Thread(target=lambda parts=parts: answers.append(status_of(served, *parts, pause_s=0.25)))
        for parts in (slow_head, slow_body) * (server.WORKERS * server.THREADS * 3 // 4)
    ]
    for caller in callers:
        caller.start()
    time.sleep(0.5)
    assert 200 == browser.get("/healthz").status_code
    waited = time.monotonic() - began
    for caller in callers:
        caller.join()
    assert waited < 4 * PATIENCE_S, "whoever is in no hurry has kept somebody else waiting"
    assert set(answers) <= {0, 408}
    assert 408 in answers


def test_memory_stays_as_it_was(served: Server, browser: httpx.Client) -> None:
    token = csrf_of(browser.get(PAGE))

    def flood(times: int) -> None:
        for _ in range(times):
            browser.post(PAGE, headers={"X-CSRFToken": token}, content=b"x" * 1_000_000)
            browser.post(PAGE, headers={"X-CSRFToken": token}, data={f"f{n}": "" for n in range(10_000)})

    flood(5)
    before = max(_megabytes(pid) for pid in served.workers)
    flood(20)
    assert max(_megabytes(pid) for pid in served.workers) - before < FEW_MB
    assert 200 == browser.get("/healthz").status_code


def _megabytes(pid: int) -> float:
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert resident is not None
    return int(resident.group(1)) / 1024
