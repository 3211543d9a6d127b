"""Find the newest tasks of a step by when they were sent"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_tasks_done", "tasks")
    op.create_index("ix_tasks_submitted", "tasks", ["kind", "submitted_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_submitted", "tasks")
    op.create_index("ix_tasks_done", "tasks", ["kind", "provider_done_at"])
