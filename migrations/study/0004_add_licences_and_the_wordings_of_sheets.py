"""Add the register of licences, and the wordings of a sheet."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("instrument", sa.String(length=90), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("key", name=op.f("uq_licence_key")),
    )
    with op.batch_alter_table("licence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_instrument"), ["instrument"], unique=False)

    op.create_table(
        "licence_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("attached_by", sa.Integer(), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attached_by"], ["staff.id"], name=op.f("fk_licence_document_attached_by_staff")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_licence_document_licence_id_licence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_document")),
        sa.UniqueConstraint("key", name=op.f("uq_licence_document_key")),
    )
    with op.batch_alter_table("licence_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_document_licence_id"), ["licence_id"], unique=False)

    op.create_table(
        "licence_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("licence_number", sa.String(length=80), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("every_study", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=400), nullable=True),
        sa.Column("attested_by", sa.Integer(), nullable=False),
        sa.Column("attested_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attested_by"], ["staff.id"], name=op.f("fk_licence_revision_attested_by_staff")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_licence_revision_licence_id_licence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_revision")),
        sa.UniqueConstraint("licence_id", "number", name=op.f("uq_licence_revision_licence_id_number")),
    )
    op.create_table(
        "licence_study",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["licence_revision.id"], name=op.f("fk_licence_study_revision_id_licence_revision")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_licence_study_study_id_study")),
        sa.PrimaryKeyConstraint("revision_id", "study_id", name=op.f("pk_licence_study")),
    )
    with op.batch_alter_table("licence_study", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_study_study_id"), ["study_id"], unique=False)

    with op.batch_alter_table("answer_sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wordings", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("answer_sheet", schema=None) as batch_op:
        batch_op.drop_column("wordings")

    with op.batch_alter_table("licence_study", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_study_study_id"))

    op.drop_table("licence_study")
    op.drop_table("licence_revision")
    with op.batch_alter_table("licence_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_document_licence_id"))

    op.drop_table("licence_document")
    with op.batch_alter_table("licence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_instrument"))

    op.drop_table("licence")
