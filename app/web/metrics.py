"""Figures for whoever runs the machine, in Prometheus' form. Not there without the token that the settings name."""

import hmac
from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from werkzeug.wrappers import Response

from app.notices import history, matters, outbox, staff_outbox
from app.notices.causes import CAUSES
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
    _to_participants(registry)
    _to_staff(registry)
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)


def _to_participants(registry: CollectorRegistry) -> None:
    notices = Gauge("weshare_notices", "Messages by state.", ["state"], registry=registry)
    counted = history.counts(current.session)
    for state in outbox.STATES:
        notices.labels(state).set(counted.get(state, 0))
    doubt = Gauge("weshare_notices_in_doubt", "Messages of which a try may have gone out or not.", registry=registry)
    doubt.set(history.in_doubt(current.session))
    age = Gauge("weshare_oldest_due_seconds", "How long the longest waiting look is overdue.", registry=registry)
    age.set(_overdue_s([history.oldest_due(current.session)]))


def _to_staff(registry: CollectorRegistry) -> None:
    words = "Messages to professionals by kind and state."
    notices = Gauge("weshare_staff_notices", words, ["kind", "state"], registry=registry)
    counted = staff_outbox.counts(current.session)
    for kind in (kind for kind, cause in CAUSES.items() if cause.is_for_staff):
        for state in outbox.STATES:
            notices.labels(kind, state).set(counted.get((kind, state), 0))
    words = "Messages to professionals of which a try may have gone out or not."
    doubt = Gauge("weshare_staff_notices_in_doubt", words, registry=registry)
    doubt.set(staff_outbox.in_doubt(current.session))
    words = "How long the longest waiting message to a professional is overdue, or what one is to be made of."
    age = Gauge("weshare_staff_oldest_due_seconds", words, registry=registry)
    waiting = [staff_outbox.oldest_due(current.session), matters.oldest_untold(current.session)]
    age.set(_overdue_s(waiting))


def _overdue_s(moments: Iterable[datetime | None]) -> float:
    """For how long the first of the instants has been over; 0 if none of them is."""
    return max((max((current.at - moment).total_seconds(), 0) for moment in moments if moment is not None), default=0)
