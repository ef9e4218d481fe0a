"""The identity of somebody who asked for it is erased: on the vault's page, opened with a ticket of the study side."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.identity import erasure, tickets
from app.web.access import Who, allow
from app.web.request import current
from app.web.vault.reading import read_on_in

bp = Blueprint("vault_erasure", __name__)


@bp.route("/vault/erasure", methods=["GET", "POST"])
@allow(Who.ANYONE)
def erase() -> Any:
    """What will be gone, and the button; a ticket erases once, and only whom no other study needs to reach."""
    config = current.config
    token, key = request.values.get("ticket", ""), config.ticket_public_key or ""
    ticket = tickets.read(token, key, tickets.ERASURE, config.vault_url, current.at)
    read_on_in(request.args.get("lang", ""))
    facts = ticket.facts
    back = f"{config.way_to_study}/studies/{facts['study']}/rights/{facts['right']}"
    if request.method == "POST":
        tickets.use_up(current.vault, ticket)
        by = f"staff:{facts['staff']}"
        erasure.erase_for_study(current.vault, facts["account"], facts["study"], current.at, by)
        return redirect(back, 303)
    return render_template("vault/erasure.html", token=token, study=facts["study"], back=back)
