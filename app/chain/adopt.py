"""Entries that were written before there was a chain: chained once, in the order in which they were written."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from app.chain import links
from app.chain.verify import INSTANT


class _Entry(NamedTuple):
    id: int
    at: str
    actor: str
    action: str
    subject: str
    facts: str
    request_id: str | None


def chain_existing(connection: Connection, table: str) -> int:
    """Number and link every entry of a table that has not been chained; how many there were."""
    columns = f"id, {INSTANT[connection.dialect.name]}, actor, action, subject, facts, request_id"
    rows = connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY id")).all()  # noqa: S608 -- our own tables
    heads = {stream: links.genesis(table, stream) for stream in range(links.STREAMS)}
    for row in rows:
        entry = _Entry(*row)
        stream = links.stream_of(entry.subject)
        number = heads[stream].number + 1
        heads[stream] = links.Head(number, links.link(heads[stream].hash, (number, *entry[1:])))
        connection.execute(
            text(f"UPDATE {table} SET stream = :stream, number = :number, hash = :hash WHERE id = :id"),  # noqa: S608
            {"stream": stream, "number": number, "hash": heads[stream].hash, "id": entry.id},
        )
    return len(rows)
