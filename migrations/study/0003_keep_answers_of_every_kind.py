"""Keep answers of every kind and what a study knows about a participant."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONE_ANSWER = "(value IS NULL OR content IS NULL) AND (NOT declined OR (value IS NULL AND content IS NULL))"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "participant_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_participant_fact_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_fact")),
    )
    with op.batch_alter_table("participant_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_fact_participant_id"), ["participant_id"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_answer_value_or_declined"), type_="check")
        batch_op.add_column(sa.Column("content", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_answer_one_answer"), ONE_ANSWER)

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skipped", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("course", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Go back, unless there is an answer that the tables of before cannot hold: none is thrown away."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("course")
        batch_op.drop_column("facts")
        batch_op.drop_column("skipped")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_answer_one_answer"), type_="check")
        batch_op.drop_column("content")
        batch_op.create_check_constraint(batch_op.f("ck_answer_value_or_declined"), "(value IS NULL) = declined")

    with op.batch_alter_table("participant_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_fact_participant_id"))

    op.drop_table("participant_fact")
