"""Structured logs: one line a request with its id, its route and its status; never an address, an answer or a token."""

import logging
import sys
import time
from collections.abc import Iterable

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.web.request import current
from app.wordings.shelf import Fault

log = structlog.get_logger("weshare.web")


def configure(level: int = logging.INFO) -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def wording_faults(faults: Iterable[Fault]) -> None:
    """Say which installed wordings cannot be used, each time that their folder was read."""
    for fault in faults:
        log.error("wording not usable", code=fault.code, wording=fault.name)


def install(app: Flask) -> None:
    """Log every request by its route, not by its path: a path can hold a link's token."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = current.id
        if request.endpoint != "static":
            log.info(
                "request",
                request_id=current.id,
                method=request.method,
                route=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
            )
        return response
