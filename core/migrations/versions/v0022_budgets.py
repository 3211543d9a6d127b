"""What a project may spend"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projects", sa.Column("budget", sa.Numeric(14, 4), nullable=True))
    op.add_column("projects", sa.Column("budget_by", sa.Text(), nullable=True))
    op.add_column("projects", sa.Column("budget_at", sa.DateTime(timezone=True), nullable=True))
    spent, held = sa.text("credits IS NOT NULL"), sa.text("hold = 'budget'")
    op.create_index(
        "ix_tasks_spent", "tasks", ["project_id", "credits"], sqlite_where=spent, postgresql_where=spent
    )
    op.create_index(
        "ix_tasks_budget",
        "tasks",
        ["project_id", "priority", "created_at"],
        sqlite_where=held,
        postgresql_where=held,
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_budget", "tasks")
    op.drop_index("ix_tasks_spent", "tasks")
    for column in ("budget_at", "budget_by", "budget"):
        op.drop_column("projects", column)
