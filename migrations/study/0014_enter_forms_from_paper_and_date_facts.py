"""Enter forms from paper, date what is known of participants, and let a job move people to another version."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ADDED = {
    "answer_sheet": (("answered_on", sa.Date()), ("entered_by", sa.String(length=80))),
    "answer": (("paper", sa.String(length=20)),),
    "submission": (("entered_by", sa.String(length=80)), ("unread", sa.JSON(none_as_null=True))),
    "participant_fact": (("on", sa.Date()),),
    "amendment": (
        ("applying_at", UtcDateTime()),
        ("applying_by", sa.String(length=80)),
        ("reverting_at", UtcDateTime()),
        ("reverting_by", sa.String(length=80)),
        ("outlook", sa.JSON(none_as_null=True)),
    ),
}
"""Columns that are empty in every row there is."""


def upgrade() -> None:
    """Go forward."""
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "fidelity_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=90), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_fidelity_pack_asked_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fidelity_pack")),
    )
    op.create_index(op.f("ix_fidelity_pack_instrument"), "fidelity_pack", ["instrument"])
    op.add_column("amended_participant", sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back: what was entered from paper stays, without what told it apart."""
    op.drop_column("amended_participant", "held")
    op.drop_table("fidelity_pack")
    for table, columns in reversed(ADDED.items()):
        for name, _kind in columns:
            op.drop_column(table, name)
