"""Evidence about orders whose answer was lost"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lost_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_inquiries_task_id")),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_inquiries_key_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_inquiries")),
    )
    op.create_index("ix_inquiries_due", "inquiries", ["due_at"])
    op.create_table(
        "wallet_readings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("frozen", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_wallet_readings_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_readings")),
    )
    op.create_index("ix_wallet_readings_key", "wallet_readings", ["key_id", "answered_at"])
    op.execute(  # what is of unknown outcome today is looked for, too
        sa.text(
            "INSERT INTO inquiries (task_id, key_id, sent_at, lost_at, due_at, tries, named) "
            "SELECT id, key_id, sent_at, status_at, status_at, 0, '[]' FROM tasks "
            "WHERE status = 'unknown' AND key_id IS NOT NULL AND sent_at IS NOT NULL"
        )
    )


def downgrade() -> None:
    op.drop_table("wallet_readings")
    op.drop_table("inquiries")
