"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("beat_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("passes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "idempotent_requests",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer_code", sa.Integer(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotent_requests")),
    )
    op.create_table(
        "provider_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=8), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("stopped_word", sa.String(length=40), nullable=True),
        sa.Column("stopped_text", sa.Text(), nullable=True),
        sa.Column("stopped_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("stopped_tries", sa.Integer(), nullable=False),
        sa.Column("quiet_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("frozen", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=True),
        sa.Column("balance_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_keys")),
        sa.UniqueConstraint(
            "fingerprint", "version", "base", name=op.f("uq_provider_keys_fingerprint_version_base")
        ),
    )
    op.create_table(
        "lanes",
        sa.Column("key_id", sa.String(length=36), nullable=False),
        sa.Column("pool", sa.String(length=32), nullable=False),
        sa.Column("blocked_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("limit_learnt", sa.Integer(), nullable=True),
        sa.Column("learnt_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_lanes_key_id")),
        sa.PrimaryKeyConstraint("key_id", "pool", name=op.f("pk_lanes")),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=True),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_projects_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("tag", sa.String(length=8), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("animations", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ready",
                "queued",
                "generating",
                "generated",
                "rigging",
                "rigged",
                "animating",
                "complete",
                "failed",
                name="assetstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("has_unknown", sa.Boolean(), nullable=False),
        sa.Column(
            "approval",
            sa.Enum("pending", "approved", "rejected", name="approval", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_assets_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("project_id", "asset_id", name=op.f("uq_assets_project_id_asset_id")),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index("ix_assets_newest", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_assets_status", ["status", "created_at"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("asset_pk", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=200), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("generate", "rig_check", "rig", "animate", name="taskkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("preset", sa.String(length=80), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("source_task_id", sa.String(length=36), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "ready",
                "submitting",
                "unknown",
                "queued",
                "running",
                "downloading",
                "success",
                "failed",
                "cancelled",
                name="taskstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "hold",
            sa.Enum("earlier_step", "failed_step", name="hold", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("waiting_for", sa.String(length=40), nullable=True),
        sa.Column("waiting_text", sa.Text(), nullable=True),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=True),
        sa.Column("pool", sa.String(length=32), nullable=False),
        sa.Column("tripo_task_id", sa.String(length=120), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("seconds_left", sa.Double(), nullable=True),
        sa.Column("queue_position", sa.Integer(), nullable=True),
        sa.Column("riggable", sa.Boolean(), nullable=True),
        sa.Column("rig_type", sa.String(length=32), nullable=True),
        sa.Column("links", sa.JSON(), nullable=True),
        sa.Column("gone_answers", sa.Integer(), nullable=False),
        sa.Column("gone_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("credits", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_suggestion", sa.Text(), nullable=True),
        sa.Column("error_retryable", sa.Boolean(), nullable=True),
        sa.Column("provider_error_code", sa.Integer(), nullable=True),
        sa.Column("trace_id", sa.String(length=120), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("provider_done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_pk"], ["assets.id"], name=op.f("fk_tasks_asset_pk")),
        sa.ForeignKeyConstraint(["key_id"], ["provider_keys.id"], name=op.f("fk_tasks_key_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_tasks_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint(
            "asset_pk",
            "chain",
            "kind",
            "preset",
            "attempt",
            name=op.f("uq_tasks_asset_pk_chain_kind_preset_attempt"),
        ),
        sa.UniqueConstraint("key_id", "tripo_task_id", name=op.f("uq_tasks_key_id_tripo_task_id")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_due", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_tasks_sent", ["key_id", "sent_at"], unique=False)
        batch_op.create_index("ix_tasks_tripo", ["tripo_task_id"], unique=False)
        batch_op.create_index(
            "uq_tasks_open_step",
            ["asset_pk", "chain", "kind", "preset"],
            unique=True,
            sqlite_where=sa.text("status NOT IN ('success', 'failed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('success', 'failed', 'cancelled')"),
        )

    op.create_table(
        "artifacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("asset_pk", sa.String(length=36), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_pk"], ["assets.id"], name=op.f("fk_artifacts_asset_pk")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_artifacts_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
        sa.UniqueConstraint("task_id", "role", name=op.f("uq_artifacts_task_id_role")),
    )
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artifacts_asset_pk"), ["asset_pk"], unique=False)

    op.create_table(
        "task_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("asset_pk", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("from_status", sa.String(length=24), nullable=True),
        sa.Column("to_status", sa.String(length=24), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["asset_pk"], ["assets.id"], name=op.f("fk_task_events_asset_pk")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_events_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_events")),
    )
    with op.batch_alter_table("task_events", schema=None) as batch_op:
        batch_op.create_index("ix_task_events_asset", ["asset_pk", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_events_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_events_task_id"))
        batch_op.drop_index("ix_task_events_asset")

    op.drop_table("task_events")
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artifacts_asset_pk"))

    op.drop_table("artifacts")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tasks_open_step",
            sqlite_where=sa.text("status NOT IN ('success', 'failed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('success', 'failed', 'cancelled')"),
        )
        batch_op.drop_index("ix_tasks_tripo")
        batch_op.drop_index("ix_tasks_sent")
        batch_op.drop_index("ix_tasks_due")

    op.drop_table("tasks")
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.drop_index("ix_assets_status")
        batch_op.drop_index("ix_assets_newest")

    op.drop_table("assets")
    op.drop_table("projects")
    op.drop_table("lanes")
    op.drop_table("provider_keys")
    op.drop_table("idempotent_requests")
    op.drop_table("heartbeats")
