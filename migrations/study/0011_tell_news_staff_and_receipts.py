"""Tell participants of news and receipts, and professionals what needs them."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = sa.text("waits_until IS NOT NULL")
UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "staff_contact",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("pending_address", sa.String(length=254), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_made_at", UtcDateTime(), nullable=True),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_contact_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_contact")),
    )
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("waits_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("ambiguous_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_notice_staff_id_staff")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_staff_notice_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
        sa.UniqueConstraint("staff_id", "about", name=op.f("uq_staff_notice_staff_id_about")),
    )
    with op.batch_alter_table("staff_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_notice_message_id"), ["message_id"], unique=False)
        batch_op.create_index(
            "ix_staff_notice_waits_until", ["waits_until"], unique=False, postgresql_where=WAITING, sqlite_where=WAITING
        )

    op.create_table(
        "matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_matter_site_id_site")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_matter_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("about", name=op.f("uq_matter_about")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_study_id"), ["study_id"], unique=False)
        batch_op.create_index("ix_matter_untold", ["id"], unique=False, postgresql_where=UNTOLD, sqlite_where=UNTOLD)

    with op.batch_alter_table("message_choices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipts", sa.Boolean(), nullable=True))

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_up_to", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))

    # What was published before there were such messages is no news any more.
    op.execute("UPDATE post SET told_at = published_at")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_column("told_at")
        batch_op.drop_column("told_up_to")

    with op.batch_alter_table("message_choices", schema=None) as batch_op:
        batch_op.drop_column("receipts")

    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index("ix_matter_untold", postgresql_where=UNTOLD, sqlite_where=UNTOLD)
        batch_op.drop_index(batch_op.f("ix_matter_study_id"))

    op.drop_table("matter")
    with op.batch_alter_table("staff_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_notice_waits_until", postgresql_where=WAITING, sqlite_where=WAITING)
        batch_op.drop_index(batch_op.f("ix_staff_notice_message_id"))

    op.drop_table("staff_notice")
    op.drop_table("staff_contact")
