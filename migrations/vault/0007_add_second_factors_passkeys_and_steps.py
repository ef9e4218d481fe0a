"""Add second factors of operators and persons, passkeys, and the steps of a sign-in."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _recovery_codes(owner: str, people: str) -> None:
    table = f"{owner}_recovery_code"
    op.create_table(
        table,
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{people}.id"], name=op.f(f"fk_{table}_{owner}_id_{people}")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_{owner}_id"), [f"{owner}_id"], unique=False)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "operator_factor",
        sa.Column("operator_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("master_key", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_operator_factor_operator_id_operator")),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_operator_factor")),
    )
    with op.batch_alter_table("operator_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_factor_master_key"), ["master_key"], unique=False)
    _recovery_codes("operator", "operator")
    with op.batch_alter_table("operator_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_half", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "person_factor",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lapses_at", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_factor_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_factor")),
    )
    _recovery_codes("person", "person")
    op.create_table(
        "person_passkey",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("handle", sa.String(length=24), nullable=False),
        sa.Column("credential_hash", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_person_passkey")),
        sa.UniqueConstraint("credential_hash", name=op.f("uq_person_passkey_credential_hash")),
    )
    with op.batch_alter_table("person_passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_passkey_person_id"), ["person_id"], unique=False)
    op.create_table(
        "person_step",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("ends_others", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_step_person_id_person")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_person_step")),
    )
    with op.batch_alter_table("person_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_step_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Go back: whoever had a second factor has none."""
    for table in ("person_step", "person_passkey", "person_recovery_code", "person_factor"):
        op.drop_table(table)
    with op.batch_alter_table("operator_sign_in", schema=None) as batch_op:
        batch_op.drop_column("is_half")
    for table in ("operator_recovery_code", "operator_factor"):
        op.drop_table(table)
