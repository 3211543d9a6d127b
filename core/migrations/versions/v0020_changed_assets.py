"""Count what changed since a time by state, in the index alone"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_assets_changed", "assets")
    op.create_index("ix_assets_changed", "assets", ["updated_at", "id", "status"])


def downgrade() -> None:
    op.drop_index("ix_assets_changed", "assets")
    op.create_index("ix_assets_changed", "assets", ["updated_at", "id"])
