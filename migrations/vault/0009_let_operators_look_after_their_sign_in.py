"""Let operators look after their sign-in."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "operator_passkey",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("handle", sa.String(length=24), nullable=False),
        sa.Column("credential_hash", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_operator_passkey_operator_id_operator")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_operator_passkey")),
        sa.UniqueConstraint("credential_hash", name=op.f("uq_operator_passkey_credential_hash")),
    )
    with op.batch_alter_table("operator_passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_passkey_operator_id"), ["operator_id"], unique=False)
    op.create_table(
        "operator_reset_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_operator_reset_link_operator_id_operator")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_reset_link")),
    )
    with op.batch_alter_table("operator_reset_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_reset_link_operator_id"), ["operator_id"], unique=False)
    with op.batch_alter_table("operator_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=60), nullable=True))
        batch_op.create_index(batch_op.f("ix_operator_sign_in_operator_id"), ["operator_id"], unique=False)
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back: operators sign in with password and code alone."""
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_column("failed_tries")
    with op.batch_alter_table("operator_sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operator_sign_in_operator_id"))
        batch_op.drop_column("browser")
    op.drop_table("operator_reset_link")
    op.drop_table("operator_passkey")
