"""JSON that the pages' scripts send, read so that nobody's nesting takes the reader down with it."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class ShallowJson(DefaultJSONProvider):
    """What is nested deeper than Python can follow is no JSON of ours."""

    def loads(self, s: str | bytes, **more: Any) -> Any:
        """The value; ValueError for whatever is none, however it is not."""
        try:
            return super().loads(s, **more)
        except RecursionError:
            raise ValueError("nested too deep") from None


def install(app: Flask) -> None:
    """For every request of the application."""
    app.json = ShallowJson(app)
