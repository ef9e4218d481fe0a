"""S16: whatever anybody sends to whichever route, nothing falls over, nothing is given away, the record stays whole.

The routes come from the URL map, the forms from the pages, the rest from Hypothesis. ``make fuzz`` sends 50,000.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from sqlalchemy import text
from structlog.testing import capture_logs

from app.chain.verify import verify
from tests.promises.conftest import trials
from tests.promises.test_s1_who_may_call_what import expected
from tests.support import odd_callers, stage
from tests.support.odd_callers import Callers
from tests.support.odd_requests import ELSEWHERE, HEADER_MARK, MARK, Odd, odd_requests
from tests.support.world import World

EACH = trials(300, 1000)
TRIES = 150
ROUNDS = trials(1, 25)
"""On each of two engines, in a world of its own each time: what was withdrawn or sent is there again."""
INSIDE = re.compile(
    rb"Traceback|site-packages|sqlalchemy|psycopg|sqlite3|werkzeug|jinja2|File &#34;|File \"|/\w+\.py\b"
)
"""What only somebody should read who looks after the program."""


def wrong_with(answer: Any, body: bytes, is_own: bool) -> list[str]:
    """What an answer must not be or hold. ``is_own``: it was asked for under our own name."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if INSIDE.search(body) and answer.mimetype in ("text/html", "application/json", "text/plain"):
        found.append(f"says {INSIDE.search(body)}")
    if answer.mimetype == "text/html" and MARK.split()[0].encode() in body:
        found.append("markup that came in goes out")
    if HEADER_MARK in answer.headers:
        found.append("a header of the caller's")
    if is_own and ELSEWHERE in (answer.location or "").partition("?")[0]:
        found.append(f"leads to {answer.location}")
    if "Content-Security-Policy" not in answer.headers:
        found.append("no headers")
    return found


WORST = [
    "\x00",
    "a\x00b",
    "9" * 30,
    "-1",
    "2147483648",
    "9999-12-31",
    "0001-01-01",
    "x" * 3000,
    MARK,
    "",
    "\ud7ff\uffff",
    "%",
]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_that_anybody_sends_makes_it_fall_over(either_app: Flask, either_world: World, number: int) -> None:
    """1,400 requests by default, 50,000 and more with WESHARE_FULL=1.

    Seen failing with NUL in texts on PostgreSQL, which refuses to keep it, and with JSON that is nested deeper than
    Python follows.
    """
    callers = somebody(either_app, either_world)
    pick = Random(number)  # noqa: S311 -- no secret
    wrong = Counter([*odd_questions(callers, pick), *one_field_each(callers, pick), *anything(callers)])
    assert {} == dict(wrong), f"in round {number}"
    assert is_whole(either_world)
    assert {200, 303, 400, 404, 422} <= callers.answered.keys(), "it has not come far enough"


def anything(callers: Callers) -> list[str]:
    """What is wrong with the answers to requests that differ in whatever way from true ones."""
    wrong: list[str] = []

    @settings(max_examples=EACH, phases=[Phase.generate], database=None, deadline=None)
    @given(odd_requests())
    def throw(odd: Odd) -> None:
        wrong.extend(problems(partial(callers.send, odd), "Host" not in dict(odd.headers)))

    throw()
    return wrong


def one_field_each(callers: Callers, pick: Random) -> list[str]:
    """What is wrong with the answers to forms as the pages have them, but for one of the worst values in one field."""
    fields = list(callers.every_field())
    assert len(fields) > TRIES, "the forms were not found"
    wrong = []
    for role, path, name, form in pick.sample(fields, TRIES):
        value = pick.choice([WORST[0], pick.choice(WORST)])
        wrong += problems(partial(callers.fill_in, role, path, {**form, name: [value]}), is_own=True)
    return wrong


def odd_questions(callers: Callers, pick: Random) -> list[str]:
    """What is wrong with pages whose address asks for something odd under every name that some page looks for.

    A number that no column takes is asked of each. Seen failing with a list that skipped as many rows as that.
    """
    wrong = []
    for role, path in callers.every_page():
        for value in ("9" * 30, pick.choice(WORST)):
            wrong += problems(partial(callers.ask, role, path, value), is_own=True)
    return wrong


def somebody(app: Flask, world: World) -> Callers:
    """Everybody, at their places, after a look at every page."""
    table = {role: expected(role) for role in ("nobody", "alice", "dora", "link", "bob", "dana")}
    callers = Callers(stage.build(app, world), table)
    callers.learn()
    return callers


def problems(send: Callable[[], tuple[dict[str, Any], Any, bytes]], is_own: bool) -> list[str]:
    """What was wrong with the answer to a request, each with where it happened or what was sent."""
    with capture_logs() as logged:
        try:
            sent, answer, body = send()
        except Exception as fault:  # the one thing that must not happen
            return [f"{type(fault).__name__}: {fault} from {send}"]
    crash = "; ".join(odd_callers.where_it_crashed(logged))
    return [f"{problem} {crash or odd_callers.shown(sent)}" for problem in wrong_with(answer, body, is_own)]


def is_whole(world: World) -> bool:
    """Whether both records prove themselves and every reference leads somewhere."""
    for database, chain in ((world.databases.study, "audit_entry"), (world.databases.vault, "ledger_entry")):
        assert database is not None
        with database.engine.connect() as connection:
            assert [] == verify(connection, chain).breaks
            if connection.dialect.name == "sqlite":
                assert [] == list(connection.execute(text("PRAGMA foreign_key_check")))
    return True


@pytest.mark.parametrize(
    "path",
    [
        "/static/", "/static", "/static/../factory.py", "/static/..%2f..%2ffactory.py", "/static/%2e%2e/errors.py",
        "/static//etc/passwd", "/.git/config", "/.git/", "/instance/secret-key", "/wsgi.py",
        "/static/weshare.css/..", "/static/%00",
    ],
)  # fmt: skip
def test_no_folder_is_listed_and_no_source_or_secret_is_served(client: Any, path: str) -> None:
    assert 404 == client.get(path, follow_redirects=True).status_code


def test_nothing_that_helps_to_look_inside_is_on(app: Flask) -> None:
    assert not app.debug
    client = app.test_client()
    assert 405 == client.open("/about", method="TRACE", headers={"Cookie": "a=b"}).status_code
