"""What is done once the answer is on its way: its time tells nobody what was found out for it."""

import time
from collections.abc import Callable

import structlog
from flask import make_response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.db import Database
from app.web.request import Side, current

log = structlog.get_logger("weshare.web")
STEP_S = 0.025
"""Longer than such work takes: the next request on a connection waits for it, and must not tell how much it was."""


def answered(answer: object, side: Side, do: Callable[[Session], None]) -> Response:
    """The answer, after which ``do`` runs in a transaction of its own; nothing that goes wrong there reaches a log."""
    response, database, request_id = make_response(answer), current.database(side), current.id
    response.call_on_close(lambda: _run(database, do, request_id))
    return response


def _run(database: Database, do: Callable[[Session], None], request_id: str) -> None:
    began = time.monotonic()
    try:
        with database.write() as own:
            do(own)
            own.commit()
    except Exception as error:  # whatever it is, its words may hold what no log may
        log.error("not done after the answer", request_id=request_id, kind=type(error).__name__)
    time.sleep(rest(time.monotonic() - began, STEP_S))


def rest(lasted: float, step: float) -> float:
    """What is missing of a whole number of steps, in seconds."""
    return -lasted % step if step else 0.0
