"""Chain the audit trail."""

import sqlalchemy as sa
from alembic import op

from app.chain import guards
from app.chain.adopt import chain_existing

revision = "0007"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stream", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        # The text itself is hashed, so it is kept as text.
        batch_op.alter_column(
            "facts", existing_type=sa.JSON(), type_=sa.Text(), existing_nullable=False, postgresql_using="facts::text"
        )
    chain_existing(op.get_bind(), "audit_entry")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        for column, kind in (("stream", sa.Integer()), ("number", sa.Integer()), ("hash", sa.String(length=64))):
            batch_op.alter_column(column, existing_type=kind, nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_stream_number"), ["stream", "number"])
    guards.install(op.get_bind(), "audit_entry")


def downgrade() -> None:
    """Go back."""
    guards.remove(op.get_bind(), "audit_entry")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_entry_stream_number"), type_="unique")
        batch_op.alter_column(
            "facts", existing_type=sa.Text(), type_=sa.JSON(), existing_nullable=False, postgresql_using="facts::json"
        )
        batch_op.drop_column("hash")
        batch_op.drop_column("number")
        batch_op.drop_column("stream")
