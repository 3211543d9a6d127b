"""Plans, styles of projects, and what an asset has from its plan"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_styles",
        sa.Column("project_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "version", name=op.f("pk_project_styles")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_styles_project_id")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("paused_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.Text(), nullable=True),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=True),
        sa.Column("window_from", sa.String(length=5), nullable=True),
        sa.Column("window_to", sa.String(length=5), nullable=True),
        sa.Column("window_zone", sa.String(length=60), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.Text(), nullable=True),
        sa.Column("applied_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("project_id", "filename", name=op.f("uq_plans_project_id_filename")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_plans_project_id")),
    )
    # Columns are added one by one: SQLite would copy the table for a batch, and tasks refer to it.
    op.add_column("projects", sa.Column("plans_revision", sa.Integer(), nullable=False, server_default="0"))
    for column in _of_assets():
        op.add_column("assets", column)
    op.create_index("ix_assets_plan", "assets", ["plan_id"])


def downgrade() -> None:
    op.drop_index("ix_assets_plan", "assets")
    for column in reversed(_of_assets()):
        op.drop_column("assets", column.name)
    op.drop_column("projects", "plans_revision")
    op.drop_table("plans")
    op.drop_table("project_styles")


def _of_assets() -> list[sa.Column[Any]]:
    return [
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.Column("plan_key", sa.String(length=200), nullable=True),
        sa.Column("plan_order", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("brief", sa.JSON(), nullable=True),
        sa.Column("made_from", sa.JSON(), nullable=True),
        sa.Column("style_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("variant_group", sa.String(length=36), nullable=True),
        sa.Column("variant", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("picked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_gated", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
