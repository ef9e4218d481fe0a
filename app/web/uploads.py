"""How much a view takes: little everywhere, more where a file is expected from somebody who may send it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

View = TypeVar("View", bound=Callable[..., Any])
BESIDE_THE_FILE = 64 * 1024
MOST_FIELDS = 500


def accepts(file_bytes: int) -> Callable[[View], View]:
    """Declare that a view takes a file of that size, with a small form around it."""

    def declare(view: View) -> View:
        view.__weshare_upload__ = file_bytes + BESIDE_THE_FILE  # type: ignore[attr-defined]
        return view

    return declare


def widen(app: Flask) -> None:
    """Let a larger body through where the view takes one; ask after access was checked and before the body is read."""
    if request.endpoint is not None:
        limit = getattr(app.view_functions[request.endpoint], "__weshare_upload__", None)
        if limit is not None:
            request.max_content_length = limit


def refuse_too_many() -> None:
    """413 for a form with more fields than any page has; Werkzeug counts those of files only."""
    if len(list(request.form.items(multi=True))) > MOST_FIELDS:
        abort(413)


def was_too_slow(error: HTTPException) -> bool:
    """Whether the caller took longer to send the body than the server waits."""
    return isinstance(error, ClientDisconnected) and isinstance(error.__context__, TimeoutError)
