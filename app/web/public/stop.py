"""The address in every message that stops messages: no sign-in, one button, and one POST for mail programs (RFC 8058).

Looking stops nothing, since mail scanners look too. Stopping messages is not leaving the study, and the page says so.
The address in news of studies that one could join stops those, and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from app.accounts import accounts
from app.audit import trail
from app.notices import choices, keys
from app.web.access import Who, allow
from app.web.request import current

bp = Blueprint("public_stop", __name__)


@dataclass(frozen=True, slots=True)
class Stopping:
    """What one kind of address stops: its page, the act, whether it is done already, and its word on the trail.

    ``stop`` is given the account and the instant, and says whether it changed anything.
    """

    template: str
    action: str
    has_stopped: Callable[[Session, str], bool]
    stop: Callable[[Session, str, datetime], bool]


def _all_stopped(session: Session, account: str) -> bool:
    return choices.of_account(session, account).stopped_at is not None


def _news_stopped(session: Session, account: str) -> bool:
    return not accounts.wants_study_news(session, account)


def _stop_news(session: Session, account: str, _at: datetime) -> bool:
    return accounts.want_study_news(session, account, current.language, wanted=False)


STOPPINGS: Final[Mapping[str, Stopping]] = {
    keys.STOP: Stopping("public/stop.html", "messages.stopped", _all_stopped, choices.stop),
    keys.STUDY_NEWS: Stopping("public/stop_news.html", "study-news.unwanted", _news_stopped, _stop_news),
}


@bp.get("/messages/stop/<key>")
@allow(Who.ANYONE)
def ask(key: str) -> Any:
    """What the button does and what it does not do."""
    found = keys.found(current.session, key, STOPPINGS)
    if found is None:
        return render_template("public/stop_unknown.html"), 404
    account, purpose = found
    stopping = STOPPINGS[purpose]
    return render_template(stopping.template, has_stopped=stopping.has_stopped(current.session, account))


@bp.post("/messages/stop/<key>")
@allow(Who.ANYONE, by_key=True)
def stop(key: str) -> Any:
    """No more messages, or none of this kind; the visits stay open to whoever comes without being asked."""
    found = keys.found(current.session, key, STOPPINGS)
    if found is None:
        return render_template("public/stop_unknown.html"), 404
    account, purpose = found
    stopping = STOPPINGS[purpose]
    if stopping.stop(current.session, account, current.at):
        how = "one-click" if request.form.get("List-Unsubscribe") == "One-Click" else "page"
        trail.record(
            current.session,
            current.at,
            f"account:{account}",
            stopping.action,
            f"account:{account}",
            {"how": how},
            request_id=current.id,
        )
    return render_template(stopping.template, has_stopped=True)
