"""Find the tasks of a step in a state, the last finished first"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tasks_state", "tasks", ["status", "kind", "finished_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_state", "tasks")
