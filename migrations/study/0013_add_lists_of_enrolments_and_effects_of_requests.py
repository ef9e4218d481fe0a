"""Add lists of enrolments and the effects of requests."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "pending_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("arm_id", sa.Integer(), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["arm_id"], ["arm.id"], name=op.f("fk_pending_batch_arm_id_arm")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_pending_batch_site_id_site")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pending_batch_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_batch")),
        sa.UniqueConstraint("key", name=op.f("uq_pending_batch_key")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_stopped_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("use_restricted_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("right_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("effect", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("right_step", schema=None) as batch_op:
        batch_op.drop_column("effect")

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("use_restricted_at")
        batch_op.drop_column("contact_stopped_at")

    op.drop_table("pending_batch")
