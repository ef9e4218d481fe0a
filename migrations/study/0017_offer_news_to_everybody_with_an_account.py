"""Offer news of studies to everybody with an account who wants them, once a data manager has approved."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DECIDING = ("proposed_by", "approved_by", "sent_back_by")
ONE_READER = "(participant_id IS NULL) <> (account_pseudonym IS NULL)"
TO_ONE_ACCOUNT = ["account_pseudonym", "about", "channel", "step"]


def upgrade() -> None:
    """Go forward: every post stays its participants', and nobody has asked for news of studies."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("study_news", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("next_look_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_account_next_look_at"), ["next_look_at"], unique=False)
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audience", sa.String(length=12), server_default="study", nullable=False))
        batch_op.add_column(sa.Column("proposed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("sent_back_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("sent_back_reason", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("accounts_told_up_to", sa.String(length=40), server_default="", nullable=False))
        for column in DECIDING:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_post_{column}_staff"), "staff", [column], ["id"])
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_pseudonym", sa.String(length=40), nullable=True))
        batch_op.alter_column("participant_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_account_pseudonym_account"), "account", ["account_pseudonym"], ["pseudonym"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_notice_account_pseudonym_about_channel_step"), TO_ONE_ACCOUNT)
        batch_op.create_check_constraint(batch_op.f("ck_notice_one_reader"), ONE_READER)


def downgrade() -> None:
    """Go back: what was written to accounts is forgotten, and what was for everybody stays its participants'."""
    op.execute("DELETE FROM notice WHERE participant_id IS NULL")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notice_one_reader"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_notice_account_pseudonym_about_channel_step"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_notice_account_pseudonym_account"), type_="foreignkey")
        batch_op.alter_column("participant_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("account_pseudonym")
    with op.batch_alter_table("post", schema=None) as batch_op:
        for column in DECIDING:
            batch_op.drop_constraint(batch_op.f(f"fk_post_{column}_staff"), type_="foreignkey")
            batch_op.drop_column(column)
        for column in ("accounts_told_up_to", "sent_back_reason", "sent_back_at", "proposed_at", "audience"):
            batch_op.drop_column(column)
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_next_look_at"))
        batch_op.drop_column("next_look_at")
        batch_op.drop_column("study_news")
