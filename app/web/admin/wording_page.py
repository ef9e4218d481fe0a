"""The page from which a wording is installed, and where the page of one that is installed is found."""

from collections.abc import Sequence

from flask import request, url_for

from app.questionnaires.mistakes import Mistake
from app.questionnaires.pack import Pack
from app.web import licence_words
from app.web.admin.frame import page
from app.web.locale import told
from app.web.request import current


def new_page(errors: Sequence[tuple[str, str]] = (), mistakes: Sequence[Mistake] = (), name: str = "") -> str:
    """An empty file to take away, and a filled one to bring. ``mistakes`` are those of the file called ``name``."""
    return page(
        "wording_new.html",
        instruments=[(key, f"{licence_words.name_of(key)} ({key})") for key in current.library.keys],
        chosen=request.args.get("instrument", ""),
        language_code=request.args.get("language", ""),
        errors=errors,
        mistakes=mistakes,
        in_words=told,
        name=name,
    )


def address_of(pack: Pack) -> str:
    """The page of a wording."""
    one = pack.wording
    return url_for(
        "admin_wordings.wording",
        instrument=one.instrument_key,
        language=one.language,
        version=one.wording_version,
    )
