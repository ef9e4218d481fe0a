"""A participant reads when and why somebody opened the identity: reached from the account, with a ticket of it."""

from flask import Blueprint, render_template, request

from app.identity import tickets, unmasking
from app.web.access import Who, allow
from app.web.request import current
from app.web.vault.reading import read_on_in

bp = Blueprint("vault_openings", __name__)


@bp.get("/vault/openings")
@allow(Who.ANYONE)
def openings() -> str:
    """The page is that of the account that the ticket names, for the few minutes for which it is good."""
    config = current.config
    key = config.ticket_public_key or ""
    ticket = tickets.read(request.args.get("ticket", ""), key, tickets.OPENINGS, config.vault_url, current.at)
    read_on_in(ticket.facts["language"])
    found = unmasking.of_account(current.vault, ticket.facts["account"])
    return render_template("vault/openings.html", openings=found, account_url=f"{config.way_to_study}/account")
