"""In which language somebody who comes from the study side reads on."""

from flask import request

from app.i18n import LANGUAGES
from app.web.locale import COOKIE
from app.web.request import current


def read_on_in(language: str) -> None:
    """The language that was read on the study side, unless another was chosen in this browser."""
    if language in LANGUAGES and COOKIE not in request.cookies:
        current.language = language
