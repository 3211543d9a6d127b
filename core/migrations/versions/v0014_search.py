"""Search and sort a hundred thousand assets, and keep lists of them under a name"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.asset_texts import text_row
from core.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
NEW_INDEXES = {
    "ix_assets_changed": ["updated_at", "id"],
    "ix_assets_category": ["category", "created_at"],
    "ix_assets_by": ["created_by", "created_at"],
}


def upgrade() -> None:
    title = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
    texts = op.create_table(
        "asset_texts",
        sa.Column("asset_pk", sa.String(length=36), nullable=False),
        sa.Column("title", title, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_pk"], ["assets.id"], name=op.f("fk_asset_texts_asset_pk")),
        sa.PrimaryKeyConstraint("asset_pk", name=op.f("pk_asset_texts")),
    )
    op.create_index("ix_asset_texts_title", "asset_texts", ["title", "asset_pk"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("shape", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_views_name")),
    )
    for name, columns in NEW_INDEXES.items():
        op.create_index(name, "assets", columns)
    _fill(texts)


def downgrade() -> None:
    for name in NEW_INDEXES:
        op.drop_index(name, "assets")
    op.drop_table("saved_views")
    op.drop_table("asset_texts")


def _fill(texts: sa.Table) -> None:
    columns = ("id", "name", "asset_id", "category", "prompt")
    assets = sa.table("assets", *(sa.column(name) for name in columns))
    connection = op.get_bind()
    last = ""
    while True:
        some = sa.select(assets).where(assets.c.id > last).order_by(assets.c.id).limit(AT_ONCE)
        rows = connection.execute(some).mappings().all()
        if not rows:
            return
        connection.execute(sa.insert(texts), [text_row(row["id"], dict(row)) for row in rows])
        last = rows[-1]["id"]
