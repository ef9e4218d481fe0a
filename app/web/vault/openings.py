"""A participant reads when and why somebody opened the identity, or ended all sign-ins: with a ticket."""

from flask import Blueprint, render_template, request

from app.identity import sign_outs, tickets, unmasking
from app.web.access import Who, allow
from app.web.request import current
from app.web.vault.reading import read_on_in
from app.web.vault.sign_out_words import REASONS

bp = Blueprint("vault_openings", __name__)


@bp.get("/vault/openings")
@allow(Who.ANYONE)
def openings() -> str:
    """The page is that of the account that the ticket names, for the few minutes for which it is good."""
    config = current.config
    key = config.ticket_public_key or ""
    ticket = tickets.read(request.args.get("ticket", ""), key, tickets.OPENINGS, config.vault_url, current.at)
    read_on_in(ticket.facts["language"])
    account = ticket.facts["account"]
    return render_template(
        "vault/openings.html",
        openings=unmasking.of_account(current.vault, account),
        sign_outs=sign_outs.of_account(current.vault, account),
        reasons=REASONS,
        account_url=f"{config.way_to_study}/account",
    )
