"""Numbers in addresses: as large as the databases keep them, so that a larger one is a page that there is not."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Of PostgreSQL's integers; SQLite's are larger, and end too."""


class StoredNumber(IntegerConverter):
    """A number that a row can have."""

    def __init__(self, map: Map, max: int = LARGEST) -> None:
        super().__init__(map, max=min(max, LARGEST))


def install(app: Flask) -> None:
    """For every rule that is added from now on."""
    app.url_map.converters["int"] = StoredNumber
