"""Carry the vault's own letters."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_mailbox_message_due_at"), ["due_at"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailbox_message_due_at"))
        batch_op.drop_column("due_at")
