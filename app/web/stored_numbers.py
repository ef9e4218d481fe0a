"""Numbers in addresses: as large as the databases keep them.

In a path a larger one is a page that there is not; in what is asked after the path it counts as not asked for.
"""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Of PostgreSQL's integers; SQLite's are larger, and end too."""


class StoredNumber(IntegerConverter):
    """A number that a row can have."""

    def __init__(self, map: Map, max: int = LARGEST) -> None:
        super().__init__(map, max=min(max, LARGEST))


def asked(name: str, default: int = 1) -> int:
    """The number, from 1 on, that the address asks for under a name; the default for none, and for any other text."""
    number = request.args.get(name, default, type=int)
    return number if 0 < number <= LARGEST else default


def install(app: Flask) -> None:
    """For every rule that is added from now on."""
    app.url_map.converters["int"] = StoredNumber
