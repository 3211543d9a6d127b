"""Find what was ordered again without looking at all"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    again, anew = sa.text("attempt > 1"), sa.text("chain > 1")
    steps = ["asset_pk", "chain", "kind", "preset", "attempt"]
    op.create_index("ix_tasks_again", "tasks", steps, sqlite_where=again, postgresql_where=again)
    op.create_index("ix_assets_anew", "assets", ["id", "chain"], sqlite_where=anew, postgresql_where=anew)


def downgrade() -> None:
    op.drop_index("ix_assets_anew", "assets")
    op.drop_index("ix_tasks_again", "tasks")
