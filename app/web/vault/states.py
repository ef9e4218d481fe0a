"""The ``state`` of a sign-in: made by the study side, which recognises by it the browser that began there."""

import re

from flask import redirect, request
from werkzeug.wrappers import Response

from app.i18n import LANGUAGES
from app.web.locale import COOKIE
from app.web.request import current

STATE = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)


def given() -> str | None:
    """The state of this request; None if it cannot be one."""
    state = request.values.get("state", "")
    return state if STATE.fullmatch(state) else None


def begin() -> Response:
    """Bookmarked or typed: a sign-in begins on the study side, which must recognise its own state afterwards."""
    return redirect(f"{current.config.way_to_study}/sign-in")


def read_on_in(language: str) -> None:
    """The language that the person was reading on the study side, unless another was chosen in this browser."""
    if language in LANGUAGES and COOKIE not in request.cookies:
        current.language = language
