"""Find what came to an end since a time, and what is of unknown outcome, without a look at all assets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_assets_changed", "assets")
    op.create_index("ix_assets_changed", "assets", ["updated_at", "id"])
    op.create_index("ix_assets_ended", "assets", ["status", "updated_at"])
    op.create_index(
        "ix_assets_unknown",
        "assets",
        ["created_at", "id"],
        sqlite_where=sa.text("has_unknown IS 1"),
        postgresql_where=sa.text("has_unknown IS TRUE"),
    )


def downgrade() -> None:
    op.drop_index("ix_assets_unknown", "assets")
    op.drop_index("ix_assets_ended", "assets")
    op.drop_index("ix_assets_changed", "assets")
    op.create_index("ix_assets_changed", "assets", ["updated_at", "id", "status"])
