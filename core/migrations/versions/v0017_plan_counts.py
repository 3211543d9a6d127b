"""Count a plan's assets by state in its index alone"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_assets_plan", "assets")
    op.create_index("ix_assets_plan", "assets", ["plan_id", "removed_at", "status"])


def downgrade() -> None:
    op.drop_index("ix_assets_plan", "assets")
    op.create_index("ix_assets_plan", "assets", ["plan_id"])
