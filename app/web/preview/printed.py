"""The paper version of a preview: made when it is first asked for, and kept for the next who asks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from app.errors import Refusal
from app.paper import typeset
from app.web.preview import sheet
from app.web.preview.shown import Preview

KEPT = 16
TEMPLATE = "paper"


def pdf(preview: Preview) -> bytes:
    """The file to print."""
    with _politely():
        return _pdf(_written(preview))


def sheets(preview: Preview) -> list[bytes]:
    """Its sheets as pictures (PNG)."""
    with _politely():
        return _pictures(_written(preview))


@contextmanager
def _politely() -> Iterator[None]:
    """Refusal ("not-printable") where no font has the letters of a wording."""
    try:
        yield
    except typeset.Unprintable as problem:
        raise Refusal("not-printable", {"problem": str(problem)[:200]}) from problem


def _written(preview: Preview) -> str:
    """Everything that is on the sheets: two previews with the same are printed once."""
    return json.dumps(sheet.data(preview), ensure_ascii=False)


@lru_cache(maxsize=KEPT)
def _pdf(written: str) -> bytes:
    return typeset.pdf(TEMPLATE, json.loads(written))


@lru_cache(maxsize=KEPT)
def _pictures(written: str) -> list[bytes]:
    return typeset.pictures(TEMPLATE, json.loads(written))
