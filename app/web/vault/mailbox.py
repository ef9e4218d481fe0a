"""The demonstration's mailbox: every message that was "sent", for anybody to read. There is none in production."""

import re

from flask import Blueprint, abort, render_template
from markupsafe import Markup, escape

from app.identity import mailbox
from app.web.access import Who, allow
from app.web.request import current

bp = Blueprint("vault_mailbox", __name__)
# Punctuation that ends a sentence is not part of the address before it.
ADDRESS_END = ".,;:!?)'\"’”»"


@bp.get("/vault/mailbox")
@allow(Who.DEMO)
def messages() -> str:
    """The last messages, newest first."""
    return render_template("vault/mailbox.html", messages=mailbox.messages(current.vault))


@bp.get("/vault/mailbox/<int(max=2147483647):number>")
@allow(Who.DEMO)
def message(number: int) -> str:
    """One message as its reader sees it."""
    found = mailbox.message(current.vault, number) or abort(404)
    paragraphs = [linked(paragraph, current.config.public_url) for paragraph in found.text.split("\n\n")]
    return render_template("vault/message.html", message=found, paragraphs=paragraphs)


def linked(text: str, home: str) -> Markup:
    """The text, escaped, with its addresses on our own site made into links and its lines kept. Others stay text."""
    pieces: list[Markup] = []
    after = 0
    for found in re.finditer(re.escape(home) + r"/[^\s<>]*", text):
        address = found[0].rstrip(ADDRESS_END)
        pieces += [escape(text[after : found.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        after = found.start() + len(address)
    return Markup("").join([*pieces, escape(text[after:])]).replace("\n", Markup("<br>"))
