"""Heads that are kept elsewhere: a line of JSON for each time they were taken, to compare with what is there later."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, text

from app.chain import links
from app.chain.links import Head

Anchors = Mapping[str, Mapping[int, list[Head]]]
"""Chain -> stream -> the heads that were taken of it."""


def heads(connection: Connection, chain: str) -> dict[int, Head]:
    """Where each stream of a chain ends at this moment."""
    asked = text(f"SELECT number, hash FROM {chain} WHERE stream = :stream ORDER BY number DESC LIMIT 1")  # noqa: S608
    found = {}
    for stream in range(links.STREAMS):
        row = connection.execute(asked, {"stream": stream}).one_or_none()
        if row is not None:
            found[stream] = Head(row.number, row.hash)
    return found


def line(chain: str, taken: Mapping[int, Head], at: datetime) -> str:
    """Heads as they are kept."""
    ends = {str(stream): [head.number, head.hash] for stream, head in sorted(taken.items())}
    return json.dumps({"chain": chain, "at": at.isoformat(), "heads": ends}, separators=(",", ":"))


def read(lines: Iterable[str]) -> Anchors:
    """Kept heads read again; ValueError names the first line that is none."""
    found: defaultdict[str, defaultdict[int, list[Head]]] = defaultdict(lambda: defaultdict(list))
    for count, written in enumerate(lines, start=1):
        if not written.strip():
            continue
        try:
            kept = json.loads(written)
            for stream, (number, linked) in kept["heads"].items():
                found[str(kept["chain"])][int(stream)].append(Head(int(number), str(linked)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"line {count} is not a line of heads") from None
    return found
