"""Close accounts of staff, count failed tries, and keep the address of before until it was written to."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("staff_contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_address", sa.String(length=254), nullable=True))


def downgrade() -> None:
    """Go back: whoever was closed has no way in, and looks like whoever never signed in."""
    with op.batch_alter_table("staff_contact", schema=None) as batch_op:
        batch_op.drop_column("former_address")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("failed_tries")
        batch_op.drop_column("closed_at")
