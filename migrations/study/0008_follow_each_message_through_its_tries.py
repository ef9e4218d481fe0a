"""Follow each message through its tries."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "message_choices",
        sa.Column("account_pseudonym", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("rests_until", UtcDateTime(), nullable=True),
        sa.Column("rest_reason", sa.String(length=20), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_pseudonym"], ["account.pseudonym"], name=op.f("fk_message_choices_account_pseudonym_account")
        ),
        sa.PrimaryKeyConstraint("account_pseudonym", name=op.f("pk_message_choices")),
    )
    op.create_table(
        "message_key",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_pseudonym", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_pseudonym"], ["account.pseudonym"], name=op.f("fk_message_key_account_pseudonym_account")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_message_key")),
    )
    with op.batch_alter_table("message_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_key_account_pseudonym"), ["account_pseudonym"], unique=False)

    op.create_table(
        "notice_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_notice_paragraph_made_by_staff")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_notice_paragraph_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_paragraph")),
        sa.UniqueConstraint(
            "study_id", "kind", "language", "version", name=op.f("uq_notice_paragraph_study_id_kind_language_version")
        ),
    )
    op.create_table(
        "contact_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_contact_task_done_by_staff")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_contact_task_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_task")),
    )
    with op.batch_alter_table("contact_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_task_participant_id"), ["participant_id"], unique=False)

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("waits_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("tried_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("ambiguous_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("problem", sa.String(length=40), nullable=True))
    op.execute(sa.text("UPDATE notice SET about = 'visit:' || occasion_id, waits_until = leased_until"))
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("leased_until")
        batch_op.alter_column("about", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("occasion_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_notice_message_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_notice_occasion_id_channel_step"), type_="unique")
        batch_op.create_index(batch_op.f("ix_notice_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_occasion_id"), ["occasion_id"], unique=False)
        batch_op.create_index(
            "ix_notice_waits_until",
            ["waits_until"],
            unique=False,
            postgresql_where=sa.text("waits_until IS NOT NULL"),
            sqlite_where=sa.text("waits_until IS NOT NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_notice_participant_id_about_channel_step"), ["participant_id", "about", "channel", "step"]
        )


def downgrade() -> None:
    """Go back. Messages that are about no visit, or travelled together, have no place in what was before."""
    op.execute(sa.text("DELETE FROM notice WHERE occasion_id IS NULL"))
    op.execute(
        sa.text(
            "UPDATE notice SET message_id = message_id || '-' || id "
            "WHERE id NOT IN (SELECT min(id) FROM notice GROUP BY message_id)"
        )
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leased_until", UtcDateTime(), nullable=True))
    op.execute(sa.text("UPDATE notice SET leased_until = waits_until"))
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_notice_participant_id_about_channel_step"), type_="unique")
        batch_op.drop_index(
            "ix_notice_waits_until",
            postgresql_where=sa.text("waits_until IS NOT NULL"),
            sqlite_where=sa.text("waits_until IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_notice_occasion_id"))
        batch_op.drop_index(batch_op.f("ix_notice_message_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_notice_occasion_id_channel_step"), ["occasion_id", "channel", "step"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_notice_message_id"), ["message_id"])
        batch_op.alter_column("occasion_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("problem")
        batch_op.drop_column("ambiguous_at")
        batch_op.drop_column("tried_at")
        batch_op.drop_column("attempts")
        batch_op.drop_column("waits_until")
        batch_op.drop_column("about")

    with op.batch_alter_table("contact_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_task_participant_id"))

    op.drop_table("contact_task")
    op.drop_table("notice_paragraph")
    with op.batch_alter_table("message_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_key_account_pseudonym"))

    op.drop_table("message_key")
    op.drop_table("message_choices")
