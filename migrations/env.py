"""How Alembic runs one of the three histories: on a connection that the caller opened, in the caller's transaction.

The caller is app/cli/migrate.py, or migrations/new.py when a revision is written.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from app.db import UtcDateTime


def render(kind: str, value: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column type under its short name, with its import."""
    if kind == "type" and isinstance(value, UtcDateTime):
        autogenerate.imports.add("from app.db import UtcDateTime")
        return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_item=render,
    # SQLite cannot alter most things in place: Alembic copies the table.
    render_as_batch=True,
    # The caller's transaction holds every revision of a run: all of them are applied, or none.
    transactional_ddl=True,
)
context.run_migrations()
