"""Keep versions of consents and what was said to them."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "consent_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("needs_renewal", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_consent_version_created_by_staff")),
        sa.ForeignKeyConstraint(["published_by"], ["staff.id"], name=op.f("fk_consent_version_published_by_staff")),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"], name=op.f("fk_consent_version_saved_by_staff")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_consent_version_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_version")),
        sa.UniqueConstraint("key", name=op.f("uq_consent_version_key")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_consent_version_study_id_number")),
    )
    with op.batch_alter_table("consent_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_version_study_id"), ["study_id"], unique=False)

    op.create_table(
        "consent_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("attached_by", sa.Integer(), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attached_by"], ["staff.id"], name=op.f("fk_consent_document_attached_by_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["consent_version.id"], name=op.f("fk_consent_document_version_id_consent_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_document")),
        sa.UniqueConstraint("version_id", "language", name=op.f("uq_consent_document_version_id_language")),
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["consent_version.id"], name=op.f("fk_consent_text_version_id_consent_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("version_id", "language", name=op.f("uq_consent_text_version_id_language")),
    )
    op.create_table(
        "consent_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_consent_answer_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["consent_version.id"], name=op.f("fk_consent_answer_version_id_consent_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_answer")),
    )
    with op.batch_alter_table("consent_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_answer_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(
            "ix_consent_answer_version_id_participant_id", ["version_id", "participant_id"], unique=False
        )

    with op.batch_alter_table("pending_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consent_number", sa.Integer(), nullable=True))

    with op.batch_alter_table("pending_enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consent_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("pending_enrolment", schema=None) as batch_op:
        batch_op.drop_column("consent_number")

    with op.batch_alter_table("pending_batch", schema=None) as batch_op:
        batch_op.drop_column("consent_number")

    with op.batch_alter_table("consent_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_answer_version_id_participant_id")
        batch_op.drop_index(batch_op.f("ix_consent_answer_participant_id"))

    op.drop_table("consent_answer")
    op.drop_table("consent_text")
    op.drop_table("consent_document")
    with op.batch_alter_table("consent_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_version_study_id"))

    op.drop_table("consent_version")
