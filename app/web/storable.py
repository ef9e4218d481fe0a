"""A request whose texts a database can keep: PostgreSQL refuses NUL, which no keyboard has and no text of ours."""

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

NUL, SUBSTITUTE = "\x00", "\x1a"
"""The second is what ASCII has in place of a character that cannot be kept."""


class StorableRequest(Request):
    """As it came, but for a substitute in place of every NUL, in its form and behind the question mark."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without(self.__dict__["form"])

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands behind the question mark."""
        return _without(super().args)


def _without(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    pairs = list(typed.items(multi=True))
    if not any(NUL in text for pair in pairs for text in pair):
        return typed
    return ImmutableMultiDict((name.replace(NUL, SUBSTITUTE), value.replace(NUL, SUBSTITUTE)) for name, value in pairs)


def install(app: Flask) -> None:
    """For every request; what an address names is looked up by the views, each of which says what it did not find."""
    app.request_class = StorableRequest
