"""Proving a chain: every entry is read in order and hashed anew; the first one that does not follow is named.

Nothing but the table is needed, and the heads that were kept elsewhere if there are any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from app.chain import links
from app.chain.links import Head

READ_AT_ONCE = 20_000
# Each engine's way to give an instant as it was hashed, without Python reading every one of them.
INSTANT = {"sqlite": "at", "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"}

Row = tuple[Any, ...]
"""Its stream, what is hashed of it (links.Content), and its hash."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a stream that cannot be believed, and what is wrong there."""

    stream: int
    number: int
    what: str


@dataclass(slots=True)
class Verified:
    """How many entries were read, where each stream ends, and where it breaks, if it does."""

    entries: int = 0
    heads: dict[int, Head] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)


def verify(engine: Engine, chain: str, anchors: Mapping[int, Sequence[Head]] | None = None) -> Verified:
    """Read a whole table. ``anchors``: for each stream the heads that were kept elsewhere."""
    with _rows(engine, chain) as rows:
        return verify_rows(chain, rows, anchors or {})


def verify_rows(chain: str, rows: Iterable[Row], anchors: Mapping[int, Sequence[Head]]) -> Verified:
    """The same for rows that come by stream and number."""
    found = Verified()
    broken: set[int] = set()
    kept = {stream: {head.number: head.hash for head in heads} for stream, heads in anchors.items()}
    current, anchored = -1, dict[int, str]()
    number, previous, count = 0, "", 0
    link = links.link
    for row in rows:
        stream, stored, kept_hash = row[0], row[1], row[8]
        count += 1
        if stream != current:
            _close(found, current, number, previous)
            current, anchored = stream, kept.get(stream, {})
            number, previous = 0, links.genesis(chain, stream).hash
        elif stream in broken:
            continue
        number += 1
        if stored != number:
            what = f"it is missing; the next one there is {stored}" if stored > number else "it is there twice"
            found.breaks.append(Break(stream, number, what))
            broken.add(stream)
            continue
        previous = link(previous, row[1:8])
        if previous != kept_hash:
            what = "it does not follow from the one before: it was changed, inserted or moved"
            found.breaks.append(Break(stream, number, what))
            broken.add(stream)
        elif number in anchored and anchored[number] != previous:
            found.breaks.append(Break(stream, number, "it is not the one whose hash was kept elsewhere"))
            broken.add(stream)
    _close(found, current, number, previous)
    found.entries = count
    found.heads = {stream: head for stream, head in found.heads.items() if stream not in broken}
    found.breaks += _lost_tails(found, broken, kept)
    found.breaks.sort(key=lambda one: (one.stream, one.number))
    return found


def _close(found: Verified, stream: int, number: int, previous: str) -> None:
    if number:
        found.heads[stream] = Head(number, previous)


def _lost_tails(found: Verified, broken: set[int], kept: Mapping[int, Mapping[int, str]]) -> Iterator[Break]:
    for stream, heads in kept.items():
        last = found.heads[stream].number if stream in found.heads else 0
        if heads and max(heads) > last and stream not in broken:
            yield Break(stream, last + 1, f"it is missing, and everything after it up to number {max(heads)}")


@contextmanager
def _rows(engine: Engine, chain: str) -> Iterator[Iterator[Row]]:
    dialect = engine.dialect.name
    columns = f"stream, number, {INSTANT[dialect]}, actor, action, subject, facts, request_id, hash"
    asked = f"SELECT {columns} FROM {chain} ORDER BY stream, number"  # noqa: S608 -- names of our own tables
    with engine.connect() as connection, connection.begin():
        driver: Any = connection.connection
        # On PostgreSQL a named cursor stays on the server, so that a million entries never lie in memory at once.
        cursor = driver.cursor(name="chain") if dialect == "postgresql" else driver.cursor()
        try:
            cursor.execute(asked)
            yield _fetched(cursor)
        finally:
            cursor.close()


def _fetched(cursor: Any) -> Iterator[Row]:
    while rows := cursor.fetchmany(READ_AT_ONCE):
        yield from rows
