"""The address in every message that stops messages: no sign-in, one button, and one POST for mail programs (RFC 8058).

Looking stops nothing, since mail scanners look too. Stopping messages is not leaving the study, and the page says so.
"""

from typing import Any

from flask import Blueprint, render_template, request

from app.audit import trail
from app.notices import choices, keys
from app.web.access import Who, allow
from app.web.request import current

bp = Blueprint("public_stop", __name__)


@bp.get("/messages/stop/<key>")
@allow(Who.ANYONE)
def ask(key: str) -> Any:
    """What the button does and what it does not do."""
    account = keys.account_of(current.session, key, keys.STOP)
    if account is None:
        return render_template("public/stop_unknown.html"), 404
    has_stopped = choices.of_account(current.session, account).stopped_at is not None
    return render_template("public/stop.html", has_stopped=has_stopped)


@bp.post("/messages/stop/<key>")
@allow(Who.ANYONE, by_key=True)
def stop(key: str) -> Any:
    """No more messages; the visits stay open to whoever comes without being asked."""
    account = keys.account_of(current.session, key, keys.STOP)
    if account is None:
        return render_template("public/stop_unknown.html"), 404
    if choices.stop(current.session, account, current.at):
        how = "one-click" if request.form.get("List-Unsubscribe") == "One-Click" else "page"
        trail.record(
            current.session,
            current.at,
            f"account:{account}",
            "messages.stopped",
            f"account:{account}",
            {"how": how},
            request_id=current.id,
        )
    return render_template("public/stop.html", has_stopped=True)
