"""The way from the account to the vault's page that tells who has seen the identity."""

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
    config = current.config
    facts = {"account": account_of(current.person), "language": current.language}
    key = config.ticket_private_key or ""
    signed = tickets.issue(key, tickets.OPENINGS, tickets.new_key(), facts, config.vault_url, current.at)
    return redirect(f"{config.way_to_vault}/vault/openings?{urlencode({'ticket': signed})}")
