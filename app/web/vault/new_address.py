"""The owner of a new e-mail address confirms it, on the page that the mailed link leads to."""

from typing import Any

from flask import Blueprint, render_template

from app.errors import Refusal
from app.identity import address_changes, ledger
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _
from app.web.request import current

bp = Blueprint("vault_new_address", __name__)


@bp.get("/vault/address/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """The button. Looking uses nothing up, since mail scanners look too."""
    try:
        address_changes.find(current.vault, token, current.at)
    except Refusal as refusal:
        return _over(refusal)
    return render_template("vault/new_address.html", token=token)


@bp.post("/vault/address/<token>")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def confirm(token: str) -> Any:
    """The address is in use from now on."""
    try:
        who = f"account:{address_changes.confirm(current.vault, token, current.at)}"
    except Refusal as refusal:
        return _over(refusal)
    ledger.record(current.vault, current.at, who, "address.changed", who, request_id=current.id)
    link = (_("Sign in"), f"{current.config.way_to_study}/sign-in")
    sentence = _("Thank you. Messages go to this address from now on, and it signs you in.")
    return render_template("vault/over.html", heading=_("Your address is confirmed"), sentence=sentence, link=link)


def _over(refusal: Refusal) -> tuple[str, int]:
    status, sentence = explained(refusal)
    return render_template("vault/over.html", heading=_("This link is over"), sentence=sentence), status
