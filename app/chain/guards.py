"""What the database itself refuses: changing or removing an entry, whoever asks.

A trigger on both engines; on PostgreSQL the right is taken away as well, from everybody and from the role that owns the
table. Whoever may change the schema can lift both: against that there are the hashes and the heads kept elsewhere.
"""

from sqlalchemy import Connection, Table, event, text

REFUSAL = "entries are added and never changed"


def install(connection: Connection, table: str) -> None:
    """Make a table append-only; may be repeated."""
    for statement in _statements(connection.dialect.name, table):
        connection.execute(text(statement))


def remove(connection: Connection, table: str) -> None:
    """Before a table is taken away."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
        connection.execute(text(f"DROP FUNCTION IF EXISTS {table}_refuse()"))
        connection.execute(text(f"GRANT ALL ON {table} TO CURRENT_USER"))
        return
    for act in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))


def install_with(table: Table) -> None:
    """Whenever the models make this table, make it append-only too."""

    @event.listens_for(table, "after_create")
    def guard(_table: Table, connection: Connection, **_more: object) -> None:
        install(connection, table.name)


def _statements(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("update", "delete")
    ]
