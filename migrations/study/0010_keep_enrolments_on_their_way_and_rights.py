"""Add the enrolments on their way and the requests of participants."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "pending_enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("arm_id", sa.Integer(), nullable=True),
        sa.Column("subject_code", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["arm_id"], ["arm.id"], name=op.f("fk_pending_enrolment_arm_id_arm")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_pending_enrolment_site_id_site")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pending_enrolment_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_enrolment")),
        sa.UniqueConstraint("key", name=op.f("uq_pending_enrolment_key")),
    )
    op.create_table(
        "right_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_right_request_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_request")),
        sa.UniqueConstraint("key", name=op.f("uq_right_request_key")),
    )
    with op.batch_alter_table("right_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_right_request_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "right_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["right_request.id"], name=op.f("fk_right_step_request_id_right_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_step")),
    )
    with op.batch_alter_table("right_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_right_step_request_id"), ["request_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("right_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_right_step_request_id"))

    op.drop_table("right_step")
    with op.batch_alter_table("right_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_right_request_participant_id"))

    op.drop_table("right_request")
    op.drop_table("pending_enrolment")
