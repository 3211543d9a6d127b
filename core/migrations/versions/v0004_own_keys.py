"""Keys of people's own beside the shared one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added one by one: SQLite would copy the table for a batch, and tasks refer to it.
    op.add_column("provider_keys", sa.Column("owner", sa.Text(), nullable=True))
    op.add_column(
        "provider_keys", sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("provider_keys", sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("provider_keys", sa.Column("replaced_by_id", sa.String(length=36), nullable=True))
    op.execute(sa.text("UPDATE provider_keys SET is_shared = true"))  # until now there were no others


def downgrade() -> None:
    for column in ("replaced_by_id", "retired_at", "is_shared", "owner"):
        op.drop_column("provider_keys", column)
