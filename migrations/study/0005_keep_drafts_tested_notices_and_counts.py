"""Keep drafts, tested notices and counts of visits."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "notice_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("tested_at", UtcDateTime(), nullable=False),
        sa.Column("tested_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_notice_test_study_id_study")),
        sa.ForeignKeyConstraint(["tested_by"], ["staff.id"], name=op.f("fk_notice_test_tested_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_test")),
        sa.UniqueConstraint(
            "study_id", "kind", "channel", "language", name=op.f("uq_notice_test_study_id_kind_channel_language")
        ),
    )
    op.create_table(
        "protocol_draft",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"], name=op.f("fk_protocol_draft_saved_by_staff")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_protocol_draft_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_protocol_draft")),
    )
    op.create_table(
        "visit_tally",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("visit_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_tally_site_id_site")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_visit_tally_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", "site_id", "visit_key", "state", "reason", name=op.f("pk_visit_tally")),
    )
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closes_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("applies", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.create_index(
            "ix_occasion_excused",
            ["participant_id"],
            unique=False,
            postgresql_where=sa.text("excused_at IS NOT NULL"),
            sqlite_where=sa.text("excused_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_occasion_waiting",
            ["closes_at", "participant_id"],
            unique=False,
            postgresql_where=sa.text("submitted_at IS NULL AND excused_at IS NULL"),
            sqlite_where=sa.text("submitted_at IS NULL AND excused_at IS NULL"),
        )

    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sponsor", sa.String(length=200), server_default="", nullable=False))
    # Every participant is looked at once, which gives the occasions there are their hints.
    op.execute("UPDATE participant SET next_look_at = enrolled_at WHERE withdrawn_at IS NULL")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_column("sponsor")

    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_occasion_waiting",
            postgresql_where=sa.text("submitted_at IS NULL AND excused_at IS NULL"),
            sqlite_where=sa.text("submitted_at IS NULL AND excused_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_occasion_excused",
            postgresql_where=sa.text("excused_at IS NOT NULL"),
            sqlite_where=sa.text("excused_at IS NOT NULL"),
        )
        batch_op.drop_column("applies")
        batch_op.drop_column("closes_at")
        batch_op.drop_column("due_at")

    op.drop_table("visit_tally")
    op.drop_table("protocol_draft")
    op.drop_table("notice_test")
