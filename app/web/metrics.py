"""Figures for whoever runs the machine, in Prometheus' form. Not there without the token that the settings name."""

import hmac

from flask import Blueprint, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from werkzeug.wrappers import Response

from app.notices import history, outbox
from app.web.access import Who, allow
from app.web.request import current

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@allow(Who.ANYONE)
def metrics() -> Response:
    """Counts of messages by state and how long the oldest waits: no study, no person. 404 without the token."""
    expected, given = current.config.metrics_token, request.headers.get("Authorization", "")
    if expected is None or not hmac.compare_digest(given.encode(), f"Bearer {expected}".encode()):
        abort(404)
    if current.services.databases.study is None:
        abort(404)
    registry = CollectorRegistry()
    notices = Gauge("weshare_notices", "Messages by state.", ["state"], registry=registry)
    counted = history.counts(current.session)
    for state in outbox.STATES:
        notices.labels(state).set(counted.get(state, 0))
    doubt = Gauge("weshare_notices_in_doubt", "Messages of which a try may have gone out or not.", registry=registry)
    doubt.set(history.in_doubt(current.session))
    age = Gauge("weshare_oldest_due_seconds", "How long the longest waiting look is overdue.", registry=registry)
    oldest = history.oldest_due(current.session)
    age.set(0 if oldest is None else max((current.at - oldest).total_seconds(), 0))
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)
