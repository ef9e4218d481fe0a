"""Keep moves, pauses, three withdrawals, forms on paper, and amendments of a protocol."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("open_visits", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=80), nullable=True),
        sa.Column("reverted_at", UtcDateTime(), nullable=True),
        sa.Column("reverted_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_amendment_study_id_study")),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["protocol_version.id"], name=op.f("fk_amendment_to_version_id_protocol_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendment_study_id"), ["study_id"], unique=False)

    op.create_table(
        "amended_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("moved_occasions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["amendment.id"], name=op.f("fk_amended_participant_amendment_id_amendment")
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["protocol_version.id"],
            name=op.f("fk_amended_participant_from_version_id_protocol_version"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_amended_participant_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amended_participant")),
        sa.UniqueConstraint(
            "amendment_id", "participant_id", name=op.f("uq_amended_participant_amendment_id_participant_id")
        ),
    )
    with op.batch_alter_table("amended_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amended_participant_participant_id"), ["participant_id"], unique=False)

    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("protocol_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("declined_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("decisive_scores", sa.JSON(), server_default="{}", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_occasion_protocol_version_id_protocol_version"),
            "protocol_version",
            ["protocol_version_id"],
            ["id"],
        )

    # What was made available belongs to the version that made it so.
    op.execute(
        "UPDATE occasion SET protocol_version_id = (SELECT participant.protocol_version_id FROM participant"
        " WHERE participant.id = occasion.participant_id)"
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moves", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("pauses", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("contact_withdrawn_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("use_withdrawn_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("participant_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), server_default="1", nullable=False))
        batch_op.alter_column("on", existing_type=sa.DATE(), nullable=True)

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("answered_at")

    op.execute('DELETE FROM participant_event WHERE "on" IS NULL')
    with op.batch_alter_table("participant_event", schema=None) as batch_op:
        batch_op.alter_column("on", existing_type=sa.DATE(), nullable=False)
        batch_op.drop_column("number")

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("use_withdrawn_at")
        batch_op.drop_column("contact_withdrawn_at")
        batch_op.drop_column("pauses")
        batch_op.drop_column("moves")

    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_occasion_protocol_version_id_protocol_version"), type_="foreignkey")
        batch_op.drop_column("decisive_scores")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("declined_at")
        batch_op.drop_column("protocol_version_id")

    with op.batch_alter_table("amended_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amended_participant_participant_id"))

    op.drop_table("amended_participant")
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendment_study_id"))

    op.drop_table("amendment")
