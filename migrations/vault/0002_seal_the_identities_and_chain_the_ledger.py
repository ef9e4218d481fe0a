"""Seal the identities and chain the ledger."""

import sqlalchemy as sa
from alembic import context, op

from app.chain import guards
from app.chain.adopt import chain_existing
from app.db import VAULT_KEYS, UtcDateTime
from app.identity import blind_index, likeness, person_keys, sealing
from app.identity.identity import Identity
from app.vault_keys import VaultKeys

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PLAIN = ("email", "given_name", "family_name", "password_hash")
SEALED = (*PLAIN[:3], "phone", "birth_date", "postal_address", "password_hash")


def upgrade() -> None:
    """Go forward. Where somebody is in the vault already, its keys are needed."""
    if op.get_bind().dialect.name == "sqlite":
        # What was kept in clear is overwritten as its pages are freed.
        op.execute("PRAGMA secure_delete = ON")
    _create_tables()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_index", sa.String(length=64), nullable=True))
        for column in SEALED:
            batch_op.add_column(sa.Column(f"{column}_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("text_sealed", sa.LargeBinary(), nullable=True))
    _seal()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_person_email_key"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_person_email_index"), ["email_index"])
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        for column in ("email_key", *PLAIN):
            batch_op.drop_column(column)
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        for column in ("subject", "text"):
            batch_op.alter_column(f"{column}_sealed", existing_type=sa.LargeBinary(), nullable=False)
            batch_op.drop_column(column)
    _chain()


def _create_tables() -> None:
    op.create_table(
        "likeness_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_likeness_index_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_index")),
        sa.UniqueConstraint("person_id", "kind", "value", name=op.f("uq_likeness_index_person_id_kind_value")),
    )
    op.create_index(op.f("ix_likeness_index_value"), "likeness_index", ["value"])
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("master_key", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_key")),
    )
    op.create_index(op.f("ix_person_key_master_key"), "person_key", ["master_key"])


def _seal() -> None:
    connection = op.get_bind()
    people = connection.execute(sa.text(f"SELECT id, {', '.join(PLAIN)} FROM person")).all()  # noqa: S608
    if not people:
        return
    keys = context.config.attributes.get(VAULT_KEYS)
    if not isinstance(keys, VaultKeys):
        raise RuntimeError("this vault holds people in clear; sealing them needs the vault's keys")
    for person_id, *plain in people:
        key = sealing.new_key()
        _keep_key(keys, person_id, key)
        sealed = {
            f"{column}_sealed": sealing.seal(key, value.encode(), f"person.{column}/{person_id}/1")
            for column, value in zip(PLAIN, plain, strict=True)
        }
        known = {"email_index": blind_index.of_email(keys, plain[0]), "revision": 1, **sealed}
        _set("person", person_id, known)
        for kind, value in likeness.traits(Identity(*plain[:3])):
            connection.execute(
                sa.text("INSERT INTO likeness_index (person_id, kind, value) VALUES (:person, :kind, :value)"),
                {"person": person_id, "kind": kind, "value": blind_index.of(keys, kind, value)},
            )
        _seal_messages(person_id, key)


def _seal_messages(person_id: int, key: bytes) -> None:
    asked = sa.text("SELECT id, message_id, subject, text FROM mailbox_message WHERE person_id = :person")
    for row_id, message_id, subject, text in op.get_bind().execute(asked, {"person": person_id}).all():
        sealed = {
            f"{column}_sealed": sealing.seal(key, value.encode(), f"mailbox_message.{column}/{message_id}")
            for column, value in (("subject", subject), ("text", text))
        }
        _set("mailbox_message", row_id, sealed)


def _keep_key(keys: VaultKeys, person_id: int, key: bytes) -> None:
    op.get_bind().execute(
        sa.text(
            "INSERT INTO person_key (person_id, master_key, wrapped, made_at) "
            "SELECT id, :master_key, :wrapped, created_at FROM person WHERE id = :person"
        ),
        {
            "person": person_id,
            "master_key": keys.newest,
            "wrapped": person_keys.wrap(keys, person_id, keys.newest, key),
        },
    )


def _set(table: str, row_id: int, values: dict[str, object]) -> None:
    assignments = ", ".join(f"{column} = :{column}" for column in values)
    op.get_bind().execute(
        sa.text(f"UPDATE {table} SET {assignments} WHERE id = :row"),  # noqa: S608 -- names from this file
        {**values, "row": row_id},
    )


def _chain() -> None:
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stream", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("facts", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("request_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    op.execute("UPDATE ledger_entry SET facts = '{}'")
    chain_existing(op.get_bind(), "ledger_entry")
    kinds = {"stream": sa.Integer(), "number": sa.Integer(), "facts": sa.Text(), "hash": sa.String(length=64)}
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        for column, kind in kinds.items():
            batch_op.alter_column(column, existing_type=kind, nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_ledger_entry_stream_number"), ["stream", "number"])
    guards.install(op.get_bind(), "ledger_entry")


def downgrade() -> None:
    """Go back, which an empty vault can; identities are not written in clear again."""
    if op.get_bind().scalar(sa.text("SELECT COUNT(*) FROM person")):
        raise RuntimeError("there is no way back to a vault in clear: restore the backup from before the upgrade")
    guards.remove(op.get_bind(), "ledger_entry")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_ledger_entry_stream_number"), type_="unique")
        for column in ("hash", "request_id", "facts", "number", "stream"):
            batch_op.drop_column(column)
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=200), nullable=False))
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False))
        batch_op.drop_column("text_sealed")
        batch_op.drop_column("subject_sealed")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_person_email_index"), type_="unique")
        for column, length in (("email_key", 254), ("email", 254), ("given_name", 120), ("family_name", 120)):
            batch_op.add_column(sa.Column(column, sa.String(length=length), nullable=False))
        batch_op.add_column(sa.Column("password_hash", sa.String(length=200), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_person_email_key"), ["email_key"])
        for column in ("erased_at", "revision", *(f"{column}_sealed" for column in SEALED), "email_index"):
            batch_op.drop_column(column)
    op.drop_table("person_key")
    op.drop_table("likeness_index")
