"""Somebody comes from the study side: with a ticket that opens a page, and in a language to read on in."""

from flask import request

from app.i18n import LANGUAGES
from app.identity import tickets
from app.identity.tickets import Ticket
from app.web.locale import COOKIE
from app.web.request import current


def read_on_in(language: str) -> None:
    """The language that was read on the study side, unless another was chosen in this browser."""
    if language in LANGUAGES and COOKIE not in request.cookies:
        current.language = language


def ticket_for(token: str, purpose: str) -> Ticket:
    """The ticket of this request; Refusal("ticket-expired") without a good one."""
    return tickets.read(token, current.config.ticket_public_key or "", purpose, current.config.vault_url, current.at)
