"""S16: whatever anybody sends to whichever route, nothing falls over, nothing is given away, the record stays whole.

The routes come from the URL map, the forms from the pages, the rest from Hypothesis. ``make fuzz`` sends 50,000.
"""

import re
from collections import Counter
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

EACH = 1000
ROUNDS = trials(1, 25)
"""On each of two engines, in a world of its own each time: what was withdrawn or sent is there again."""
INSIDE = re.compile(rb"Traceback|site-packages|sqlalchemy|psycopg|sqlite3|werkzeug|jinja2|File &#34;|File \"|\.py\b")
"""What only somebody should read who looks after the program."""


def wrong_with(answer: Any, body: bytes, odd: Odd) -> list[str]:
    """What an answer must not be or hold."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if INSIDE.search(body) and answer.mimetype in ("text/html", "application/json", "text/plain"):
        found.append(f"says {INSIDE.search(body)}")
    if answer.mimetype == "text/html" and MARK.split()[0].encode() in body:
        found.append("markup that came in goes out")
    if HEADER_MARK in answer.headers:
        found.append("a header of the caller's")
    is_own = "Host" not in dict(odd.headers)
    if is_own and ELSEWHERE in (answer.location or "").partition("?")[0]:
        found.append(f"leads to {answer.location}")
    if "Content-Security-Policy" not in answer.headers:
        found.append("no headers")
    return found


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_that_anybody_sends_makes_it_fall_over(either_app: Flask, either_world: World, number: int) -> None:
    """Seen failing with NUL in texts on PostgreSQL, numbers beyond 64 bit in addresses, and JSON nested too deep."""
    table = {role: expected(role) for role in ("nobody", "alice", "dora", "link", "bob", "dana")}
    callers = Callers(stage.build(either_app, either_world), table)
    callers.learn()
    wrong: Counter[str] = Counter()

    @settings(max_examples=EACH, phases=[Phase.generate], database=None, deadline=None)
    @given(odd_requests())
    def throw(odd: Odd) -> None:
        with capture_logs() as logged:
            try:
                sent, answer, body = callers.send(odd)
            except Exception as fault:  # the one thing that must not happen
                wrong[f"{type(fault).__name__}: {fault} from {odd}"] += 1
                return
        for problem in wrong_with(answer, body, odd):
            crash = "; ".join(odd_callers.where_it_crashed(logged))
            wrong[f"{problem} {crash or odd_callers.shown(sent)}"] += 1

    throw()
    assert {} == dict(wrong), f"in round {number}"
    assert is_whole(either_world)
    assert {200, 302, 303, 400, 401, 404, 405, 422} <= callers.answered.keys(), "it has not come far enough"


def is_whole(world: World) -> bool:
    """Whether both records prove themselves and every reference leads somewhere."""
    for database, chain in ((world.databases.study, "audit_entry"), (world.databases.vault, "ledger_entry")):
        assert database is not None
        with database.engine.connect() as connection:
            assert [] == verify(connection, chain).breaks
            if connection.dialect.name == "sqlite":
                assert [] == list(connection.execute(text("PRAGMA foreign_key_check")))
    return True
