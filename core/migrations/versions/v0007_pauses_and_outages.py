"""Pauses by hand, outages that all pollers know of, and when a task last came on"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project_id", sa.String(length=200), nullable=True),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("resumed_by", sa.Text(), nullable=True),
        sa.Column("resumed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_pauses_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_table(
        "stops",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("stopped_word", sa.String(length=40), nullable=True),
        sa.Column("stopped_text", sa.Text(), nullable=True),
        sa.Column("stopped_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("stopped_tries", sa.Integer(), nullable=False),
        *_of_an_outage(),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stops")),
    )
    # Columns are added one by one: SQLite would copy the table for a batch, and tasks refer to it.
    for column in _of_an_outage():
        op.add_column("provider_keys", column)
    op.add_column("tasks", sa.Column("progressed_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_tasks_kind_done", "tasks", ["kind", "provider_done_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_kind_done", "tasks")
    op.drop_column("tasks", "progressed_at")
    for column in reversed(_of_an_outage()):
        op.drop_column("provider_keys", column.name)
    op.drop_table("stops")
    op.drop_table("pauses")


def _of_an_outage() -> list[sa.Column[Any]]:
    return [
        sa.Column("stopped_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing", sa.Double(), nullable=False, server_default="0"),
        sa.Column("well_at", UtcDateTime(timezone=True), nullable=True),
    ]
