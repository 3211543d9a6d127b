"""How long a task took, and how long it was first said to take"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("foretold_seconds", sa.Double(), nullable=True))
    op.add_column("tasks", sa.Column("worked_seconds", sa.Double(), nullable=True))
    op.create_index("ix_tasks_done", "tasks", ["kind", "provider_done_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_done", "tasks")
    for column in ("worked_seconds", "foretold_seconds"):
        op.drop_column("tasks", column)
