"""Proving a chain: every entry is read in order and hashed anew; the first one that does not follow is named.

Nothing but the table is needed, and the heads that were kept elsewhere if there are any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

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


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries were read, where each whole stream ends, and where the others break for the first time."""

    entries: int
    heads: Mapping[int, Head]
    breaks: Sequence[Break]


def verify(connection: Connection, chain: str, anchors: Mapping[int, Sequence[Head]] | None = None) -> Verified:
    """Read a whole table. ``anchors``: for each stream the heads that were kept elsewhere."""
    with _rows(connection, chain) as rows:
        return verify_rows(chain, rows, anchors or {})


def verify_rows(chain: str, rows: Iterable[Row], anchors: Mapping[int, Sequence[Head]]) -> Verified:
    """The same for rows that come in the order in which they were added."""
    kept = {stream: {head.number: head.hash for head in heads} for stream, heads in anchors.items()}
    numbers: dict[int, int] = {}
    hashes: dict[int, str] = {}
    breaks: dict[int, Break] = {}
    count = 0
    for row in rows:
        count += 1
        stream = row[0]
        number = numbers.get(stream, 0) + 1
        try:
            linked = links.link(hashes.get(stream) or links.genesis(chain, stream).hash, row[1:8])
        except TypeError:  # nothing where a text has to be
            linked = ""
        if (row[1] != number or linked != row[8] or number == 1 or stream in kept) and stream not in breaks:
            what = _wrong(row, number, linked, kept.get(stream, {}))
            if what:
                breaks[stream] = Break(stream, number, what)
        numbers[stream], hashes[stream] = number, linked
    heads = {stream: Head(numbers[stream], hashes[stream]) for stream in numbers if stream not in breaks}
    for stream, anchored in kept.items():
        last = numbers.get(stream, 0)
        if stream not in breaks and anchored and max(anchored) > last:
            what = f"it is missing, and everything after it up to number {max(anchored)}"
            breaks[stream] = Break(stream, last + 1, what)
    return Verified(count, heads, sorted(breaks.values(), key=lambda one: one.stream))


def _wrong(row: Row, number: int, linked: str, anchored: Mapping[int, str]) -> str | None:
    """What is wrong with an entry that should have that number, if anything is."""
    if not 0 <= row[0] < links.STREAMS:
        return "there is no such stream: it was inserted"
    if not isinstance(row[1], int):
        return "it has no number"
    if row[1] > number:
        return f"it is missing; the next one there is number {row[1]}"
    if row[1] < number:
        return f"number {row[1]} stands in its place"
    if linked != row[8]:
        return "it does not follow from the one before: it was changed, inserted or moved"
    if anchored.get(number, linked) != linked:
        return "it is not the one whose hash was kept elsewhere: it was written anew"
    return None


@contextmanager
def _rows(connection: Connection, chain: str) -> Iterator[Iterator[Row]]:
    dialect = connection.dialect.name
    columns = f"stream, number, {INSTANT[dialect]}, actor, action, subject, facts, request_id, hash"
    asked = f"SELECT {columns} FROM {chain} ORDER BY id"  # noqa: S608 -- names of our own tables
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
