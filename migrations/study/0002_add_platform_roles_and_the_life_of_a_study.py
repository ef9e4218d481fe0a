"""Add platform roles and the life of a study."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roles", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.add_column(sa.Column("live_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
    # Until now a study enrolled from the day it was made.
    op.execute("UPDATE study SET live_at = created_at")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
        batch_op.drop_column("live_at")

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("roles")
