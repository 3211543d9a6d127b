"""Samples of places and wallets, and when a task might first be sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lane_samples",
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("pool", sa.String(length=32), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", "pool", name=op.f("pk_lane_samples")),
    )
    op.create_table(
        "key_hours",
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("frozen", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("stopped_minutes", sa.Integer(), nullable=False),
        sa.Column("stopped_word", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_key_hours_key_id")),
        sa.PrimaryKeyConstraint("at", "key_id", name=op.f("pk_key_hours")),
    )
    op.add_column("tasks", sa.Column("ready_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_tasks_finished", "tasks", ["finished_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_finished", "tasks")
    op.drop_column("tasks", "ready_at")
    op.drop_table("key_hours")
    op.drop_table("lane_samples")
