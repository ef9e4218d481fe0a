"""Look after operators' accounts, and tell people of failed tries."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
    op.create_table(
        "operator_contact",
        sa.Column("operator_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("master_key", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_made_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_operator_contact_operator_id_operator")
        ),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_operator_contact")),
    )
    with op.batch_alter_table("operator_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_contact_master_key"), ["master_key"], unique=False)
    op.create_table(
        "operator_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_operator_letter_operator_id_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_operator_letter_message_id")),
    )
    with op.batch_alter_table("operator_letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_letter_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_operator_letter_operator_id"), ["operator_id"], unique=False)
    op.create_table(
        "person_sign_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["operator.id"], name=op.f("fk_person_sign_out_asked_by_operator")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_sign_out_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_sign_out")),
    )
    with op.batch_alter_table("person_sign_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_sign_out_person_id"), ["person_id"], unique=False)
    op.create_table(
        "person_tries",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_tries")),
    )


def downgrade() -> None:
    """Go back: a closed account of an operator stays without any way in."""
    op.drop_table("person_tries")
    op.drop_table("person_sign_out")
    op.drop_table("operator_letter")
    op.drop_table("operator_contact")
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
