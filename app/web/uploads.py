"""How large a body a view takes: small everywhere, larger where a file is expected from somebody who may send it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])
BESIDE_THE_FILE = 64 * 1024


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
