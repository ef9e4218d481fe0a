"""Adding an entry: whoever adds to a stream waits for whoever else does, until that one's transaction ends.

One transaction adds to one stream only, so that two can never wait for each other crosswise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from zlib import crc32

from sqlalchemy import Insert, Select, Table, bindparam, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Session

from app.chain import links
from app.chain.entry import written
from app.chain.links import Head
from app.db import table

STREAM = "stream of the chain"
"""Where a session keeps which stream its entries go to."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is written down. ``facts`` are codes, numbers and pseudonyms; never an answer, an address or a secret."""

    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, object] = field(default_factory=dict)
    request_id: str | None = None


def append(session: Session, model: type[DeclarativeBase], act: Act) -> None:
    """Add an act to a chain; it is there, or not, with the rest of the transaction."""
    chain = table(model)
    stream: int = session.info.setdefault(STREAM, links.stream_of(act.subject))
    if session.get_bind().dialect.name == "postgresql":
        # Held to the end of the transaction. SQLite lets only one transaction write anyway.
        session.execute(_LOCK, {"chain": crc32(chain.name.encode()) - 2**31, "stream": stream})
    # A statement of its own, after the lock: it sees what the one before us has committed.
    last = session.execute(_last(chain), {"stream": stream}).one_or_none()
    before = links.genesis(chain.name, stream) if last is None else Head(last.number, last.hash)
    session.execute(_add(chain), {"stream": stream, **_following(before, act)})


# Asked with every act, so built once.
_LOCK = text("SELECT pg_advisory_xact_lock(:chain, :stream)")


@cache
def _last(chain: Table) -> Select[int, bytes]:
    mine = chain.c.stream == bindparam("stream")
    return select(chain.c.number, chain.c.hash).where(mine).order_by(chain.c.number.desc()).limit(1)


@cache
def _add(chain: Table) -> Insert:
    return insert(chain)


def _following(before: Head, act: Act) -> dict[str, object]:
    number = before.number + 1
    at, facts = links.instant(act.at), written(act.facts)
    content = (number, at, act.actor, act.action, act.subject, facts, act.request_id)
    return {
        "number": number,
        "at": act.at,
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject,
        "facts": act.facts,
        "request_id": act.request_id,
        "hash": links.link(before.hash, content),
    }
