"""List the newest tasks of all"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tasks_newest", "tasks", ["created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_tasks_newest", "tasks")
