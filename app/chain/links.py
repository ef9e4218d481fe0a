"""How one entry follows from another: its hash covers its content and the hash of the one before it.

Whoever changes, removes, inserts or moves an entry breaks every hash that comes after, unless all of them are computed
anew; against that, heads are kept elsewhere (app/chain/anchors.py).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

STREAMS = 16
"""Chains beside each other in one table: who writes to one does not wait for who writes to another."""


Content = tuple[int, str, str, str, str, str, str | None]
"""What is hashed of an entry: number, instant, actor, action, subject, facts, request id."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a stream: its number, from 1 on, and its hash; number 0 where there is none yet."""

    number: int
    hash: str


def genesis(chain: str, stream: int) -> Head:
    """What the first entry of a stream follows from; ``chain`` is the name of the table."""
    return Head(0, hashlib.sha256(f"weshare/{chain}/{stream}".encode()).hexdigest())


def stream_of(subject: str) -> int:
    """The stream of a transaction whose first entry is about that subject."""
    return crc32(subject.encode()) % STREAMS


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def link(previous: str, content: Content) -> str:
    """The hash of an entry, in hexadecimal. Lengths stand before texts, so that no two entries are written alike."""
    number, at, actor, action, subject, facts, request_id = content
    asked = "-" if request_id is None else f"{len(request_id)}:{request_id}"
    written = (
        f"{previous}|{number}|{at}|{len(actor)}:{actor}|{len(action)}:{action}|{len(subject)}:{subject}"
        f"|{len(facts)}:{facts}|{asked}"
    )
    return hashlib.sha256(written.encode()).hexdigest()
