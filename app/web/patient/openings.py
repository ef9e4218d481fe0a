"""The ways from the account to the vault's pages: who has seen the identity, and what is kept of it."""

from urllib.parse import urlencode

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from app.accounts import tickets
from app.web.access import Who, account_of, allow
from app.web.request import current

bp = Blueprint("patient_openings", __name__)


@bp.get("/account/identity")
@allow(Who.PARTICIPANT)
def openings() -> Response:
    """Off to the vault with a ticket that names the account; what is read there never comes to this side."""
    return _to_the_vault(tickets.OPENINGS, "openings")


@bp.get("/account/details")
@allow(Who.PARTICIPANT)
def details() -> Response:
    """Off to the page on which the person sees and corrects the name and the addresses."""
    return _to_the_vault(tickets.OWN_IDENTITY, "identity")


def _to_the_vault(purpose: str, page: str) -> Response:
    config = current.config
    facts = {"account": account_of(current.person), "language": current.language}
    key = config.ticket_private_key or ""
    signed = tickets.issue(key, purpose, tickets.new_key(), facts, config.vault_url, current.at)
    return redirect(f"{config.way_to_vault}/vault/{page}?{urlencode({'ticket': signed})}")
