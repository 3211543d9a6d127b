"""What people think of models"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("asset_pk", sa.String(length=36), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["asset_pk"], ["assets.id"], name=op.f("fk_reviews_asset_pk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_asset", "reviews", ["asset_pk", "id"])
    op.create_index("ix_assets_approval", "assets", ["approval", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_assets_approval", "assets")
    op.drop_table("reviews")
